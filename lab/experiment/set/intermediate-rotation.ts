import type { Experiment } from "../experiment.ts";
import { config } from "../faults/config.ts";
import { answeredElsewhere, istiodOf, noneFails, serverOf } from "./common.ts";

/** A window as long as the certificate's life, so that every `up` finds it open. */
const inWindow = { "ca.intermediateDays": 30, "ca.renewBeforeDays": 30 };

export const intermediateRotation: Experiment = {
  name: "intermediate-rotation",
  title: "Every cluster gets a new intermediate certificate and signs with it, while requests cross between them",
  needs: { clusters: 2, eastWest: true, istiod: true },
  setup: ({ near }) => [answeredElsewhere(near)],
  // istiod would read it within two minutes, and workloads ask for new certificates within half a day.
  fault: ({ far }) => [
    config("new intermediates by `pulumi up`, and new certificates", inWindow, {
      restarts: [istiodOf(far), serverOf(far)],
    }),
  ],
  expect: () => [noneFails("Both intermediates are verified up to the same root.")],
};
