import type { KubernetesObject } from "../../../istio/object.ts";
import type { Json } from "../../../topology/types.ts";
import { type PodObject, proxyOf, runs } from "../../status/shapes.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, joining, meshed, outside, running, sample, spaceOf } from "../ground.ts";
import { apply, reference, relabel, remove, restart } from "../step.ts";

const space = spaceOf("retrofit");
const front = spaceOf("retrofit", "front");
const lone = "nightly";
const url = `http://httpbin.${space}:8000/headers`;

/** Where the caller keeps what it last printed, in the folder for such things. */
const tally = "tally";

/** Calls again and again, from when it was first answered, and prints how many requests failed. */
const busy = `call() { curl -s -f -o /dev/null --max-time 5 ${url}; }
until call; do sleep 1; done
all=0; failed=0; kept="\${TMPDIR:-/tmp}/${tally}"
while :; do
all=$((all+1)); call || failed=$((failed+1))
echo "$failed of $all requests failed" > "$kept"; cat "$kept"; sleep 0.2
done`;

const deployed = (stage: Stage): KubernetesObject[] => sample(stage, stage.near, "curl", space, { as: lone });

/** The same as a pod that nobody would make anew. */
const bare = (stage: Stage): KubernetesObject[] =>
  deployed(stage).flatMap((object) => {
    if (object.kind !== "Deployment") return object.kind === "ServiceAccount" ? [object] : [];
    const { template } = object["spec"] as {
      readonly template: { readonly metadata: KubernetesObject["metadata"]; readonly spec: Json };
    };
    const metadata = { name: lone, namespace: space, labels: template.metadata.labels ?? {} };
    return [{ apiVersion: "v1", kind: "Pod", metadata, spec: template.spec }];
  });

export const retrofitExercise = exercise({
  name: "retrofit",
  title: "Workloads that run already join the mesh, and no request is lost on the way",
  stack: "single",
  needs: {},
  namespaces: [space, front],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      outside(space),
      ...sample(stage, near, "httpbin", space),
      ...sample(stage, near, "curl", space),
      ...bare(stage),
      meshed(stage, near, front),
      ...running(busy, sample(stage, near, "curl", front)),
    );
  },
  async observe({ near }, eye) {
    const pods = await eye.list<PodObject>(near.name, "v1", "Pod", { namespace: space });
    const from = clientIn(near, front);
    const [answer] = await eye.call({ from, url });
    const [counted] = await eye.call({ from, url: `file:///tmp/${tally}` });
    return { pods: pods.filter(runs), answer, counted: counted?.body };
  },
  judge({ pods, answer, counted = "" }) {
    const without = pods.filter((pod) => proxyOf(pod) === undefined).map(({ metadata }) => metadata.name);
    const missing = ["httpbin", "curl", lone].filter(
      (app) => !pods.some(({ metadata }) => metadata.labels?.["app"] === app),
    );
    return [
      [
        without.length === 0,
        `Without a proxy: ${without.join(", ")}. What makes new pods, and for which of them does nobody?`,
      ],
      [
        missing.length === 0,
        `Of ${missing.join(", ")} no pod runs any more. All three are to be in the mesh, and none is to be lost.`,
      ],
      [answer?.status === 200, `The caller in ${front} gets ${String(answer?.status ?? 0)} from httpbin.`],
      [
        answer?.body.includes("spiffe://") === true,
        "httpbin is still called without mutual TLS: it hears of no identity of its caller. On which side is a proxy missing?",
      ],
      [
        counted.startsWith("0 of "),
        `Not every request of the caller in ${front} was answered: ${counted || "it has not counted yet"}. What is lost stays lost: reset, start anew, and make the pods anew so that one always serves.`,
      ],
    ];
  },
  solve: (stage) => {
    const { near } = stage;
    return [
      relabel(near.name, space, joining(stage, near)),
      ...remove(near.name, reference("v1", "Pod", lone, space)),
      ...apply(near.name, ...deployed(stage)),
      ...restart(near.name, space, "curl", "httpbin-v1"),
    ];
  },
});
