import { outside, type Experiment, type Scene } from "../experiment.ts";
import { cut } from "../faults/cut.ts";

const lost = ({ far }: Scene) => [cut({ cluster: far.name, blocks: ["0.0.0.0/0"], says: `${far.name} cut off` })];

export const clusterLoss: Experiment = {
  name: "cluster-loss",
  title: "Nothing reaches the other cluster any more, nor leaves it: seen from the one that survives",
  needs: { clusters: 2, cut: true },
  clients: ({ near }) => [{ cluster: near.name }],
  fault: lost,
  timing: { during: 20 },
  expect: ({ near }) => [
    {
      figure: "failed",
      client: near.name,
      atMost: 0,
      because: "Requests stay in their cluster, as long as it has endpoints: none is under way in the lost one.",
    },
    {
      figure: "steadyAfterFault",
      client: near.name,
      atMost: 5_000,
      because: "Nothing of what is lost is asked.",
    },
  ],
};

/** Of 200 requests a second, those that wait for an answer at one moment, if an answer takes 50 ms. */
const inFlight = 10;

export const clusterLossOutside: Experiment = {
  name: "cluster-loss-outside",
  title: "Nothing reaches one cluster any more: seen by a user outside, through the global ingress",
  needs: { clusters: 2, cut: true, globalIngress: true },
  clients: () => [{ cluster: outside }],
  fault: lost,
  // Route 53 needs three checks ten seconds apart, and then names live on for their time.
  timing: { during: 90, after: 60 },
  expect: () => [
    {
      figure: "failed",
      client: outside,
      atMost: inFlight,
      because: "What is under way is lost with the cluster, if names were to lead elsewhere at once.",
    },
    {
      figure: "steadyAfterFault",
      client: outside,
      atMost: 75_000,
      because:
        "DNS leaves a gateway out after three failed checks, and clients ask again when the name's time is over.",
    },
  ],
};
