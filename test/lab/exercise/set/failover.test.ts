import { answers, destinationRule } from "../../../../lab/exercise/ground.ts";
import { failover } from "../../../../lab/exercise/set/failover.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { hello, type Sight } from "../world.ts";

const [space = ""] = failover.namespaces;
const right = { before: "v1", after: "v2", lost: "1" };

/** Silent where the exercise has drained the listeners. */
const sight: Sight = {
  call: ({ times }, { near }) =>
    hello(
      times,
      near.calls.some((call) => call.includes("istio-proxy pilot-agent request POST drain_listeners")) ? "v2" : "v1",
    ),
};

tries(failover, {
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "with a wrong prediction",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, after: "v1" })),
      says: /^"after" in the ConfigMap/,
    },
    {
      title: "without a guess of what is lost",
      steps: ({ near }) => apply(near.name, answers(space, { before: "v1", after: "v2" })),
      says: /has no "lost" yet/,
    },
    {
      title: "with Istio's default of who may be put out",
      steps: ({ near }) =>
        apply(
          near.name,
          destinationRule(space, "helloworld", {
            host: "helloworld",
            trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } },
          }),
        ),
      sight: { call: ({ times }) => hello(times, "v1") },
      says: /^By default only some of the endpoints/,
    },
    {
      title: "by taking the service away",
      steps: ({ near }) => remove(near.name, reference("apps/v1", "Deployment", "helloworld-v1", space)),
      says: /^The pods in east are to be there, and to be silent/,
    },
    {
      title: "while home still answers",
      sight: { call: ({ times }) => hello(times, "v1", "v2") },
      says: /answered from west alone; answered: v1 and v2/,
    },
  ],
});
