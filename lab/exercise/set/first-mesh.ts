import { istioNamespace } from "../../../topology/names.ts";
import { type PodObject, proxyOf, runs, versionOfImage } from "../../status/shapes.ts";
import { exercise } from "../exercise.ts";
import { answers, asked, clientIn, joining, outside, readAnswers, sample, spaceOf } from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import type { Stage } from "../exercise.ts";
import { apply, relabel, restart } from "../step.ts";

const space = spaceOf("first-mesh");
const url = `http://helloworld.${space}:5000/hello`;
const both = ["curl", "helloworld"] as const;

/** Versions of istiod and of the proxies, as their images say. */
async function versionsIn({ near }: Stage, eye: Eye) {
  const [istiods, pods] = await Promise.all([
    eye.list<PodObject>(near.name, "v1", "Pod", { namespace: istioNamespace, labels: "app=istiod" }),
    eye.list<PodObject>(near.name, "v1", "Pod", { namespace: space }),
  ]);
  const running = pods.filter(runs);
  return {
    istiods: istiods.filter(runs).map(({ spec }) => versionOfImage(spec.containers[0]?.image ?? "")),
    pods: running,
    proxies: running.flatMap((pod) => versionOfImage(proxyOf(pod)?.image ?? "") || []),
  };
}

export const firstMesh = exercise({
  name: "first-mesh",
  title: "Two pods join the mesh, and control plane and data plane are of one version",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) =>
    apply(stage.near.name, outside(space), ...both.flatMap((name) => sample(stage, stage.near, name, space, first))),
  async observe(stage, eye) {
    const seen = await versionsIn(stage, eye);
    const given = await readAnswers(eye, stage.near, space);
    const [answer] = await eye.call({ from: clientIn(stage.near, space), url });
    return { ...seen, given, status: answer?.status };
  },
  judge({ istiods, pods, proxies, given, status }) {
    const versions = [...new Set([...istiods, ...proxies])];
    const without = both.filter((app) => !pods.some((pod) => pod.metadata.labels?.["app"] === app && proxyOf(pod)));
    const stray = pods.filter((pod) => proxyOf(pod) === undefined).map(({ metadata }) => metadata.name);
    return [
      [
        without.length === 0 && stray.length === 0,
        `No proxy is in every pod yet: look at ${[...without, ...stray].join(", ")}. Injection happens when a pod is made, and not later.`,
      ],
      [status === 200, `curl gets no answer from ${url}, but status ${status ?? 0}.`],
      [
        versions.length <= 1,
        `Control plane and data plane are not of one version: ${versions.join(", ")}. Which pods are older than their istiod?`,
      ],
      asked(given, "istiod", istiods[0], "It is to be the version of the control plane, such as 1.2.3."),
      asked(given, "proxy", proxies[0], "It is to be the version of the proxies, such as 1.2.3."),
    ];
  },
  async solve(stage, eye) {
    const { near } = stage;
    const [istiod = ""] = (await versionsIn(stage, eye)).istiods;
    return [
      relabel(near.name, space, joining(stage, near)),
      ...restart(near.name, space, "helloworld-v1", "curl"),
      // The proxies are injected by that istiod.
      ...apply(near.name, answers(space, { istiod, proxy: istiod })),
    ];
  },
});

const first = { versions: ["v1"] };
