import type { Experiment } from "../experiment.ts";
import { kill } from "../faults/kill.ts";
import { noneFails, serverOf } from "./common.ts";

export const podKillMost: Experiment = {
  name: "pod-kill-most",
  title: "Nine of ten pods are killed at once, application and proxy",
  replicas: 10,
  fault: ({ near }) => [kill(serverOf(near), 9)],
  timing: { during: 15 },
  expect: () => [
    noneFails(
      "What broke is tried again, in the other zone and then in the other cluster, which also takes what spills over " +
        "while the dead are still in the list.",
    ),
  ],
};
