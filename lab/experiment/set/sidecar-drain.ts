import type { Experiment } from "../experiment.ts";
import { drainListeners } from "../faults/drain-listeners.ts";
import { noFlapping, noneFails, serverOf } from "./common.ts";

export const sidecarDrain: Experiment = {
  name: "sidecar-drain",
  title: "Every proxy of the service in one cluster stops listening, as in Istio's task of locality failover",
  needs: { clusters: 2 },
  fault: ({ near }) => [drainListeners(serverOf(near))],
  timing: { during: 15 },
  expect: ({ near }) => [
    noneFails("A connection that is refused is tried again, also in another region (`retryRemoteLocalities`)."),
    noFlapping,
    {
      figure: "firstFromElsewhere",
      client: near.name,
      atMost: 1_000,
      because: "An endpoint is out with the first failure (`consecutive5xxErrors: 1`), and ejection is immediate.",
    },
  ],
};
