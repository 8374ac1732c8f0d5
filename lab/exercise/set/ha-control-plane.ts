import { type PodObject, runs } from "../../status/shapes.ts";
import { exercise, type Stage } from "../exercise.ts";
import { answers, asked, clientIn, readAnswers, serverAndClient, spaceOf } from "../ground.ts";
import { rewritten } from "../routes.ts";
import { serviceHost } from "../../../topology/names.ts";
import type { Eye } from "../observe/eye.ts";
import { type Made, madeAt } from "../observe/made.ts";
import { istiodsOf } from "../served.ts";
import { apply, reference, remove } from "../step.ts";

const space = spaceOf("ha-control-plane");

interface Budget {
  readonly spec: { readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } };
}

async function budgetOf({ near }: Stage, eye: Eye): Promise<string | undefined> {
  const found = await eye.list<Budget>(near.name, "policy/v1", "PodDisruptionBudget", {
    namespace: near.istioNamespace,
  });
  return found.find(({ spec }) => spec.selector?.matchLabels?.["app"] === "istiod")?.metadata.name;
}

/** `istiod-7d9c6b5f-`: all pods of one ReplicaSet begin alike. */
const family = (pod: string): string => pod.slice(0, pod.lastIndexOf("-") + 1);

export const haControlPlane = exercise({
  name: "ha-control-plane",
  title: "Two istiods: the one that serves a proxy goes, and what is pushed still arrives",
  stack: "single-ha",
  needs: { highlyAvailable: true },
  namespaces: [space],
  start: (stage) =>
    apply(stage.near.name, ...serverAndClient(stage, stage.near, space, "helloworld", { versions: ["v1"] })),
  async observe(stage, eye) {
    const { near } = stage;
    const from = clientIn(near, space);
    const [pushed] = await eye.call({ from, url: `http://helloworld.${space}:5000/pushed` });
    const istiods = await eye.list<PodObject>(near.name, "v1", "Pod", {
      namespace: near.istioNamespace,
      labels: "app=istiod",
    });
    const running = istiods.filter(runs);
    const began = await eye.read<Made>(near.name, reference("v1", "Namespace", space));
    return {
      given: await readAnswers(eye, near, space),
      budget: await budgetOf(stage, eye),
      istiods: running.map(({ metadata }) => metadata.name),
      renewed: began !== undefined && running.some((pod) => madeAt(pod) > madeAt(began)),
      serves: (await istiodsOf(eye, from)).map(({ pod }) => pod),
      pushed: pushed?.status,
    };
  },
  judge: ({ given, budget, istiods, renewed, serves, pushed }) => [
    asked(
      given,
      "before",
      (pod) => istiods.some((each) => pod.startsWith(family(each))) && !istiods.includes(pod),
      "It is to be the istiod that served curl's proxy at first, and that pod is to be gone.",
    ),
    [renewed, "Every istiod is older than this exercise. The one that served curl's proxy is to be deleted."],
    [
      serves.length > 0 && !serves.includes(given["before"] ?? ""),
      "curl's proxy is not connected to another istiod yet. It looks for one by itself.",
    ],
    [
      pushed === 200,
      `helloworld answers /pushed with ${String(pushed ?? 0)}. A route that rewrites it to /hello shows that the istiod that is left still pushes.`,
    ],
    asked(
      given,
      "budget",
      budget,
      "It is to be the object that keeps a drain of nodes from taking both istiods at once.",
    ),
  ],
  async solve(stage, eye) {
    const { near } = stage;
    const [istiod] = await istiodsOf(eye, clientIn(near, space));
    const before = istiod?.pod ?? "";
    return [
      ...remove(near.name, reference("v1", "Pod", before, near.istioNamespace)),
      ...apply(
        near.name,
        answers(space, { before, budget: (await budgetOf(stage, eye)) ?? "" }),
        rewritten(space, { host: serviceHost("helloworld", space), port: 5000 }, "/pushed", "/hello"),
      ),
    ];
  },
});
