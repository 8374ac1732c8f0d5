import type { Experiment } from "../experiment.ts";
import { kill } from "../faults/kill.ts";
import { noneFails, serverOf } from "./common.ts";

export const podKill: Experiment = {
  name: "pod-kill",
  title: "One of three pods is killed, application and proxy at once",
  fault: ({ near }) => [kill(serverOf(near), 1)],
  expect: () => [
    noneFails("A connection that breaks is tried again at another endpoint (`reset`, `connect-failure`)."),
  ],
};
