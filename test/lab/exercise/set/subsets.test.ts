import { destinationRule } from "../../../../lab/exercise/ground.ts";
import type { Upstream } from "../../../../lab/exercise/observe/eye.ts";
import { subsets } from "../../../../lab/exercise/set/subsets.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { hello, type Sight } from "../world.ts";

const [space = ""] = subsets.namespaces;

const upstream = (subset: string, maxConnections: number | undefined, requests: number): Upstream => ({
  name: `outbound|5000|${subset}|helloworld.${space}.svc.cluster.local`,
  maxConnections,
  hosts: [{ address: "10.0.0.1:5000", requests, ejected: false }],
});
const many = 4_294_967_295;

/** As a proxy would have it: the subsets that a rule names, and requests in them where a route leads there. */
const right: Sight = {
  call: ({ times }, { near }) =>
    near.objects.has(`VirtualService ${space}/helloworld`) ? hello(times, "v1", "v2") : 503,
  upstreams: (_, { near }) => [
    upstream("", many, 0),
    ...(near.objects.has(`DestinationRule ${space}/helloworld`)
      ? [upstream("v1", many, 10), upstream("v2", 10, 10)]
      : []),
  ],
};

tries(subsets, {
  before: { call: ({ times }) => hello(times, "v1", "v2"), upstreams: () => [upstream("", many, 20)] },
  solved: right,
  wrong: [
    {
      title: "with a rule that no route leads to",
      sight: { upstreams: () => [upstream("", many, 20), upstream("v1", many, 0), upstream("v2", 10, 0)] },
      says: /^No request went through both subsets/,
    },
    {
      title: "with the limit on the whole host",
      steps: ({ near }) =>
        apply(
          near.name,
          destinationRule(space, "helloworld", {
            host: "helloworld",
            trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } },
            subsets: ["v1", "v2"].map((version) => ({ name: version, labels: { version } })),
          }),
        ),
      sight: { upstreams: () => [upstream("", 10, 0), upstream("v1", 10, 10), upstream("v2", 10, 10)] },
      says: /holds for more than v2[^]*has a policy for the whole host/,
    },
    {
      title: "without a limit",
      sight: { upstreams: () => [upstream("", many, 0), upstream("v1", many, 10), upstream("v2", many, 10)] },
      says: /at most 10 TCP connections, and its limit is 4294967295/,
    },
    {
      title: "with a route to one subset alone",
      sight: { call: ({ times }) => hello(times, "v2") },
      says: /are to answer half each; v1 answered 0 and v2 40\./,
    },
    {
      title: "with one part for v1 and nine for v2",
      sight: { call: ({ times }) => hello(times, "v1", ...Array.from({ length: 9 }, () => "v2")) },
      says: /are to answer half each; v1 answered 4 and v2 36\./,
    },
  ],
});
