import assert from "node:assert/strict";
import { destinationRule, virtualService } from "../../../../lab/exercise/ground.ts";
import { circuitBreaking } from "../../../../lab/exercise/set/circuit-breaking.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { requestOf, routeOf, rulesFor } from "../mesh.ts";
import { tries } from "../trial.ts";
import { type Caller, World } from "../world.ts";

const [space = ""] = circuitBreaking.namespaces;
const host = `httpbin.${space}.svc.cluster.local`;

/** Of those who come at once some have a connection, some wait for one, and curl gives up after ten seconds. */
const mesh: Caller = (call, { near }) => {
  const { parallel, times = 1 } = call;
  const fault = routeOf(near, requestOf(call))?.fault?.abort?.httpStatus;
  const [rule] = rulesFor(near, host);
  const { tcp, http } = rule?.trafficPolicy?.connectionPool ?? {};
  const connections = tcp?.maxConnections ?? times;
  const places = connections + (http?.http1MaxPendingRequests ?? times);
  return Array.from({ length: times }, (_, at) => {
    if (fault !== undefined) return { status: fault };
    if (parallel !== true) return { status: 200 };
    const seconds = Math.floor(at / connections) + 1;
    if (at >= places) return { status: 503 };
    return seconds > 10 ? { status: 0, seconds: 10, failure: 28 } : { status: 200, seconds };
  });
};

type Spec = Parameters<typeof destinationRule>[2];
const connectionPool = { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } };
const rule = ({ near }: World, trafficPolicy: NonNullable<Spec["trafficPolicy"]>) =>
  apply(near.name, destinationRule(space, "httpbin", { host: "httpbin", trafficPolicy }));
const withoutRule = ({ near }: World) =>
  remove(near.name, reference(networkingApi, "DestinationRule", "httpbin", space));

tries(circuitBreaking, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "with room for all",
      steps: (world) => rule(world, { connectionPool: { tcp: { maxConnections: 100 } } }),
      says: /turned away with 503.*it was 0\./,
    },
    {
      title: "where all wait",
      steps: (world) => rule(world, { connectionPool: { tcp: { maxConnections: 1 } } }),
      says: /turned away with 503.*it was 0\./,
    },
    {
      title: "with a limit of connections and room for half to wait",
      steps: (world) =>
        rule(world, { connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 6 } } }),
      says: /turned away with 503.*it was 5\./,
    },
    {
      title: "by putting out who fails, which nobody does",
      steps: (world) => rule(world, { outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 100 } }),
      says: /turned away with 503.*it was 0\./,
    },
    {
      title: "with the limits of a subset that no route leads to",
      steps: (world) =>
        apply(
          world.near.name,
          destinationRule(space, "httpbin", {
            host: "httpbin",
            subsets: [{ name: "v1", labels: { version: "v1" }, trafficPolicy: { connectionPool } }],
          }),
        ),
      says: /turned away with 503.*it was 0\./,
    },
    {
      title: "in another namespace, where the short name is another's",
      steps: (world) => [
        ...withoutRule(world),
        ...apply(
          world.near.name,
          destinationRule("default", "httpbin", { host: "httpbin", trafficPolicy: { connectionPool } }),
        ),
      ],
      says: /turned away with 503.*it was 0\./,
    },
    {
      title: "by a fault instead",
      steps: (world) => [
        ...withoutRule(world),
        ...apply(
          world.near.name,
          virtualService(space, "httpbin", {
            hosts: ["httpbin"],
            http: [
              {
                fault: { abort: { httpStatus: 503, percentage: { value: 100 } } },
                route: [{ destination: { host: "httpbin" } }],
              },
            ],
          }),
        ),
      ],
      says: /all to be served; of 5 it was 0.*\n.*Is anybody let in at all/,
    },
  ],
  unexpected: [
    {
      title: "where a crowd is turned away after a while",
      sight: {
        call: ({ parallel, times = 1 }) =>
          parallel ? Array.from({ length: times }, (_, at) => ({ status: at < 2 ? 200 : 503, seconds: 5 })) : 200,
      },
      says: /turned away with 503.*it was 0\./,
    },
  ],
});

describe("curl of circuit-breaking", () => {
  it("has a proxy that counts what overflows, which Istio's does not by itself", async () => {
    const world = new World("single");
    const steps = JSON.stringify(await circuitBreaking.start(world.stage, world.eye()));
    assert.match(
      steps,
      /"proxy\.istio\.io\/config":"proxyStatsMatcher: \{inclusionPrefixes: \[\\"cluster\.outbound\\"\]\}"/,
    );
  });
});
