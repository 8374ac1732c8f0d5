import type { Experiment } from "../experiment.ts";
import { kill } from "../faults/kill.ts";
import { answeredElsewhere, eastWestOf, failsFastAndReturns, staysHome } from "./common.ts";

/** Seconds for which a gateway is held down. */
const down = 20;

export const gatewayPodLoss: Experiment = {
  name: "gateway-pod-loss",
  title: "One of two pods of the east-west gateway is lost, while requests cross through them",
  needs: { clusters: 2, eastWest: true },
  setup: ({ near }) => [answeredElsewhere(near)],
  fault: ({ far }) => [kill(eastWestOf(far), 1, down)],
  timing: { during: down },
  expect: ({ near }) => [
    {
      figure: "steadyAfterFault",
      client: near.name,
      atMost: 5_000,
      because: "Broken connections are made again, and the load balancer's health check takes the pod out.",
    },
  ],
};

export const gatewayLoss: Experiment = {
  name: "gateway-loss",
  title: "The whole east-west gateway of the other cluster is lost, while each cluster answers itself",
  needs: { clusters: 2, eastWest: true },
  fault: ({ far }) => [kill(eastWestOf(far), 2, down)],
  timing: { during: down },
  expect: () => [staysHome],
};

export const gatewayLossRemote: Experiment = {
  name: "gateway-loss-remote",
  title: "The whole east-west gateway of the cluster that answers is lost",
  needs: { clusters: 2, eastWest: true },
  setup: ({ near }) => [answeredElsewhere(near)],
  fault: ({ far }) => [kill(eastWestOf(far), 2, down)],
  timing: { during: down, after: 15 },
  expect: ({ near }) => failsFastAndReturns(near, "the gateway back"),
};
