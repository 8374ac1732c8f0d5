import { answers, destinationRule, virtualService } from "../../../../lab/exercise/ground.ts";
import { versionSubsets } from "../../../../lab/exercise/routes.ts";
import { failover } from "../../../../lab/exercise/set/failover.ts";
import { apply, reference, remove, restart } from "../../../../lab/exercise/step.ts";
import { inTurns, podsOf, requestOf, routeOf, rulesFor } from "../mesh.ts";
import { tries } from "../trial.ts";
import { hello, type Sight, type World } from "../world.ts";

const [space = ""] = failover.namespaces;
const right = { before: "v1", after: "v2", lost: "1" };
const host = `helloworld.${space}.svc.cluster.local`;

/** Pods at home whose listeners the exercise or a learner has not drained. */
const listening = ({ near }: World): string[] =>
  podsOf(near, space, { app: "helloworld" }).filter(
    (pod) => !near.calls.includes(`exec ${space}/${pod}/istio-proxy pilot-agent request POST drain_listeners`),
  );

/** Home as long as it listens; then the other where it may be put out, and nobody where it may not. */
const sight: Sight = {
  call(call, world) {
    const { near } = world;
    const [to] = inTurns(routeOf(near, requestOf(call))!);
    if (to?.subset !== undefined) return hello(call.times, to.subset);
    if (podsOf(near, space, { app: "helloworld" }).length === 0) return hello(call.times, "v2");
    const detections = rulesFor(near, host).map(({ trafficPolicy }) => trafficPolicy?.outlierDetection);
    // Without a word of it there is no locality either, and what fails to connect is tried with the other.
    if (detections.every((detection) => detection === undefined))
      return listening(world).length > 0 ? hello(call.times, "v1", "v2") : hello(call.times, "v2");
    if (listening(world).length > 0) return hello(call.times, "v1");
    return detections.some((detection) => detection?.maxEjectionPercent === 100) ? hello(call.times, "v2") : 503;
  },
};
const outlierDetection = { consecutive5xxErrors: 1, maxEjectionPercent: 100 };
type Spec = Parameters<typeof destinationRule>[2];
const rule = ({ near }: World, change: Partial<Spec>) =>
  apply(near.name, destinationRule(space, "helloworld", { host: "helloworld", ...change }));

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
      steps: (world) => rule(world, { trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } } }),
      says: /^By default only some of the endpoints[^]*answered: 503/,
    },
    {
      title: "without a word of when an endpoint is out",
      steps: (world) => rule(world, { trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: true } } } }),
      says: /^Nothing says when an endpoint is out/,
    },
    {
      title: "by taking the service away",
      steps: ({ near }) => remove(near.name, reference("apps/v1", "Deployment", "helloworld-v1", space)),
      says: /^The pods in east are to be there, and to be silent/,
    },
    {
      title: "before home was silenced",
      instead: true,
      steps: (world) => [
        ...apply(world.near.name, answers(space, right)),
        ...rule(world, { trafficPolicy: { outlierDetection } }),
      ],
      says: /^curl in east is to be answered from west alone; answered: v1\. Do the proxies of helloworld still listen\?$/,
    },
    {
      title: "with another pod at home than the one that was silenced",
      steps: ({ near }) => restart(near.name, space, "helloworld-v1"),
      says: /^curl in east is to be answered from west alone; answered: v1\./,
    },
    {
      title: "by a route to the other cluster, while home still listens",
      instead: true,
      steps: (world) => [
        ...apply(world.near.name, answers(space, right)),
        ...rule(world, { trafficPolicy: { outlierDetection }, subsets: versionSubsets }),
        ...apply(
          world.near.name,
          virtualService(space, "helloworld", {
            hosts: ["helloworld"],
            http: [{ route: [{ destination: { host: "helloworld", subset: "v2" } }] }],
          }),
        ),
      ],
      says: /^In east helloworld is split by version\. Who is sent to v2 in any case has not failed over to it\.$/,
    },
  ],
  unexpected: [
    {
      title: "while home still answers",
      sight: { call: ({ times }) => hello(times, "v1", "v2") },
      says: /answered from west alone; answered: v1 and v2/,
    },
  ],
});
