import { meshNamespace } from "../../../istio/namespaces.ts";
import { meshOf } from "../../../istio/plan-queries.ts";
import { type PodObject, proxyOf, runs, versionOfImage } from "../../status/shapes.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, sample, spaceOf } from "../ground.ts";
import { apply, reference, relabel, restart } from "../step.ts";

const space = spaceOf("canary-upgrade");

/** What namespaces of the mesh follow, and this one at first. */
const stable = "stable";
const revisionLabel = "istio.io/rev";

const canaryOf = ({ lab, near }: Stage): string =>
  meshOf(lab, near).revisions.find(({ tag }) => tag === "canary")?.version ?? "";

interface Labelled {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

export const canaryUpgrade = exercise({
  name: "canary-upgrade",
  title: "A namespace moves to the next version of Istio by itself, while the rest of the mesh stays",
  stack: "canary",
  needs: { revisions: true },
  namespaces: [space],
  start: (stage) =>
    apply(
      stage.near.name,
      meshNamespace(meshOf(stage.lab, stage.near), space, stable),
      ...sample(stage, stage.near, "helloworld", space, { versions: ["v1"] }),
      ...sample(stage, stage.near, "curl", space),
    ),
  async observe({ near }, eye) {
    const pods = await eye.list<PodObject>(near.name, "v1", "Pod", { namespace: space });
    const namespace = await eye.read<Labelled>(near.name, reference("v1", "Namespace", space));
    const [answer] = await eye.call({ from: clientIn(near, space), url: `http://helloworld.${space}:5000/hello` });
    const proxies = pods.filter(runs).map((pod) => ({
      name: pod.metadata.name,
      version: versionOfImage(proxyOf(pod)?.image ?? ""),
    }));
    return { follows: namespace?.metadata.labels?.[revisionLabel], proxies, status: answer?.status };
  },
  judge({ follows, proxies, status }, stage) {
    const wanted = canaryOf(stage);
    const bare = proxies.filter(({ version }) => version === "");
    const late = proxies.filter(({ version }) => version !== "" && version !== wanted);
    return [
      [
        follows !== stable,
        `${space} still follows the tag "${stable}", as the rest of the mesh does. It is to move alone: leave the tag where it is.`,
      ],
      [
        bare.length === 0,
        `${bare.map(({ name }) => name).join(", ")} lost its proxy. By which label does a namespace follow a revision?`,
      ],
      [
        late.length === 0,
        `${late.map(({ name, version }) => `${name} has a proxy of ${version}`).join(", ")}, and is to have one of ${wanted}. When does a pod get its proxy?`,
      ],
      [status === 200, `curl gets ${String(status ?? 0)} from helloworld.`],
    ];
  },
  solve: ({ near }) => [
    relabel(near.name, space, { [revisionLabel]: "canary" }),
    ...restart(near.name, space, "curl", "helloworld-v1"),
  ],
});
