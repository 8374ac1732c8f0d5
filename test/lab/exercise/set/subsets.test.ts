import { networkingApi } from "../../../../istio/object.ts";
import { destinationRule, virtualService } from "../../../../lab/exercise/ground.ts";
import type { Upstream } from "../../../../lab/exercise/observe/eye.ts";
import { versionSubsets } from "../../../../lab/exercise/routes.ts";
import { subsets } from "../../../../lab/exercise/set/subsets.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { asHelloworld, inTurns, podsOf, requestOf, routeOf, rulesFor } from "../mesh.ts";
import { tries } from "../trial.ts";
import { hello, type PodCluster, type Sight, type World } from "../world.ts";

const [space = ""] = subsets.namespaces;
const host = `helloworld.${space}.svc.cluster.local`;
const many = 4_294_967_295;

const upstream = (
  near: PodCluster,
  subset: string,
  labels: Readonly<Record<string, string>>,
  { maxConnections = many, requests }: { maxConnections?: number | undefined; requests: number },
): Upstream => ({
  name: `outbound|5000|${subset}|${host}`,
  maxConnections,
  hosts: podsOf(near, space, { app: "helloworld", ...labels }).map((name) => {
    const pod = near.objectOf(reference("v1", "Pod", name, space));
    return { address: `${(pod?.["status"] as { podIP: string }).podIP}:5000`, requests, ejected: false };
  }),
});

/** As a proxy would have it: the subsets that a rule names, and requests in them where a route leads there. */
const sight: Sight = {
  call: (call, { near }) => asHelloworld(call, near),
  upstreams: (from, { near }) => {
    const [rule] = rulesFor(near, host);
    const route = routeOf(near, requestOf({ from, url: `http://helloworld.${space}:5000/hello` }));
    const reached = route === undefined ? [] : inTurns(route).map(({ subset = "" }) => subset);
    const requests = (subset: string): number => (reached.includes(subset) ? 10 : 0);
    const whole = rule?.trafficPolicy?.connectionPool?.tcp?.maxConnections;
    return [
      upstream(near, "", {}, { maxConnections: whole, requests: requests("") }),
      ...(rule?.subsets ?? []).map(({ name, labels = {}, trafficPolicy }) => {
        const own = trafficPolicy?.connectionPool?.tcp?.maxConnections;
        return upstream(near, name, labels, { maxConnections: own ?? whole, requests: requests(name) });
      }),
    ];
  },
};

type Spec = Parameters<typeof destinationRule>[2];
const trafficPolicy = { connectionPool: { tcp: { maxConnections: 10 } } };
const limited = [versionSubsets[0]!, { ...versionSubsets[1]!, trafficPolicy }];
const rule =
  (change: Partial<Spec>) =>
  ({ near }: World) =>
    apply(near.name, destinationRule(space, "helloworld", { host: "helloworld", ...change }));
const weights =
  (...parts: (readonly [subset: string, weight: number])[]) =>
  ({ near }: World) => {
    const route = parts.map(([subset, weight]) => ({ destination: { host: "helloworld", subset }, weight }));
    return apply(near.name, virtualService(space, "helloworld", { hosts: ["helloworld"], http: [{ route }] }));
  };

tries(subsets, {
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "with a rule that no route leads to",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "VirtualService", "helloworld", space)),
      says: /^No request went through both subsets/,
    },
    {
      title: "with a route to subsets that nothing names",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "DestinationRule", "helloworld", space)),
      says: /^The client's proxy does not know both subsets.*\n[^]*v1 answered 0 and v2 0\./,
    },
    {
      title: "with the limit on the whole host",
      steps: rule({ trafficPolicy, subsets: versionSubsets }),
      says: /holds for more than v2[^]*has a policy for the whole host/,
    },
    {
      title: "with the limit on both",
      steps: rule({ subsets: versionSubsets.map((each) => ({ ...each, trafficPolicy })) }),
      says: /^The limit holds for more than v2\./,
    },
    {
      title: "without a limit",
      steps: rule({ subsets: versionSubsets }),
      says: /at most 10 TCP connections, and its limit is 4294967295/,
    },
    {
      title: "with a limit of those who wait",
      steps: rule({
        subsets: [
          versionSubsets[0]!,
          {
            ...versionSubsets[1]!,
            trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 10 } } },
          },
        ],
      }),
      says: /at most 10 TCP connections, and its limit is 4294967295/,
    },
    {
      title: "by a label that all pods have",
      steps: rule({ subsets: limited.map((each) => ({ ...each, labels: { app: "helloworld" } })) }),
      says: /^In the subset of a version are pods of another\. By which label is a pod in a subset\?$/,
    },
    {
      title: "with each version under the other's name",
      steps: rule({
        subsets: limited.map((each) => ({ ...each, labels: { version: each.name === "v1" ? "v2" : "v1" } })),
      }),
      says: /^In the subset of a version are pods of another\./,
    },
    {
      title: "with a route to one subset alone",
      steps: weights(["v2", 100]),
      says: /are to answer half each; v1 answered 0 and v2 40\./,
    },
    {
      title: "with one part for v1 and nine for v2",
      steps: weights(["v1", 10], ["v2", 90]),
      says: /are to answer half each; v1 answered 4 and v2 36\./,
    },
  ],
  unexpected: [
    {
      title: "where v2 answers alone",
      sight: { call: ({ times }) => hello(times, "v2") },
      says: /are to answer half each; v1 answered 0 and v2 40\./,
    },
  ],
});
