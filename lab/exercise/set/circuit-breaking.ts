import { exercise } from "../exercise.ts";
import { clientIn, destinationRule, meshed, sample, spaceOf } from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("circuit-breaking");
const at = (path: string): string => `http://httpbin.${space}:8000${path}`;
const crowd = 12;

/** Has a proxy count what it turns away (https://istio.io/latest/docs/ops/configuration/telemetry/envoy-stats/). */
const withCounts = {
  metadata: {
    annotations: { "proxy.istio.io/config": 'proxyStatsMatcher: {inclusionPrefixes: ["cluster.outbound"]}' },
  },
};

export const circuitBreaking = exercise({
  name: "circuit-breaking",
  title: "A circuit breaker: who comes alone is served, and a crowd is turned away at once",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) =>
    apply(
      stage.near.name,
      meshed(stage, stage.near, space),
      ...sample(stage, stage.near, "httpbin", space),
      ...sample(stage, stage.near, "curl", space, { pod: withCounts }),
    ),
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    const alone = await eye.call({ from, url: at("/status/200"), times: 5 });
    const together = await eye.call({ from, url: at("/delay/1"), times: crowd, parallel: true });
    return {
      alone: alone.filter(({ status }) => status === 200).length,
      served: together.filter(({ status }) => status === 200).length,
      turnedAway: together.filter(({ status, seconds }) => status === 503 && seconds < 1).length,
    };
  },
  judge: ({ alone, served, turnedAway }) => [
    [alone === 5, `Requests one after the other are all to be served; of 5 it was ${String(alone)}.`],
    [served > 0, `Of ${String(crowd)} requests at once some are to be served. Is anybody let in at all?`],
    [
      turnedAway >= crowd / 2,
      `Of ${String(crowd)} requests at once at least half are to be turned away with 503, without waiting; it was ${String(turnedAway)}. Who may hold a connection, and who may wait for one?`,
    ],
  ],
  solve: ({ near }) =>
    apply(
      near.name,
      destinationRule(space, "httpbin", {
        host: "httpbin",
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } } },
      }),
    ),
});
