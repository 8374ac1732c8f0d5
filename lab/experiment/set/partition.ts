import type { Experiment } from "../experiment.ts";
import { cutFrom } from "../faults/cut.ts";
import { answeredElsewhere, failsFastAndReturns, staysHome } from "./common.ts";

const everything = ["api-server", "east-west"] as const;

export const partition: Experiment = {
  name: "partition",
  title: "The clusters do not reach each other, while each answers itself",
  needs: { clusters: 2, eastWest: true, cut: true },
  fault: ({ near, far }) => [cutFrom(near.name, far.name, everything), cutFrom(far.name, near.name, everything)],
  timing: { during: 15 },
  expect: () => [staysHome],
};

export const partitionRemote: Experiment = {
  name: "partition-remote",
  title: "The cluster that asks does not reach the one that answers",
  needs: { clusters: 2, eastWest: true, cut: true },
  setup: ({ near }) => [answeredElsewhere(near)],
  fault: ({ near, far }) => [cutFrom(near.name, far.name, everything), cutFrom(far.name, near.name, everything)],
  timing: { during: 15, after: 15 },
  expect: ({ near }) => failsFastAndReturns(near, "the way open"),
};
