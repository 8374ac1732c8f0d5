import type { Experiment } from "../experiment.ts";
import { kill } from "../faults/kill.ts";
import { istiodOf, noneFails } from "./common.ts";

/** Seconds for which it is held down. */
const down = 15;

export const istiodLoss: Experiment = {
  name: "istiod-loss",
  title: "Every istiod of one primary is gone",
  needs: { istiod: true },
  fault: ({ near }) => [kill(istiodOf(near), near.controlPlane?.replicas ?? 1, down)],
  timing: { during: down },
  expect: () => [
    noneFails("Proxies go on with what they know; only changes and new certificates have to wait (a day at most)."),
  ],
};
