import type { Experiment } from "../experiment.ts";
import { config } from "../faults/config.ts";
import { answeredElsewhere, istiodOf, noneFails, serverOf } from "./common.ts";

const bothTrusted = { "ca.roots": [1, 2] };
const secondSigns = { "ca.roots": [2, 1] };

export const rootRotation: Experiment = {
  name: "root-rotation",
  title: "A second root signs, which is trusted beside the first, while requests cross between clusters",
  needs: { clusters: 2, eastWest: true, istiod: true },
  setup: ({ near, far }) => [
    answeredElsewhere(near),
    config("roots [1, 2] by `pulumi up`", bothTrusted, { restarts: [serverOf(far)] }),
  ],
  // istiod would read the new intermediate within two minutes, and workloads ask for new certificates within half a day.
  fault: ({ far }) => [
    config("roots [2, 1] by `pulumi up`, and new certificates", secondSigns, {
      undone: bothTrusted,
      restarts: [istiodOf(far), serverOf(far)],
    }),
  ],
  expect: () => [noneFails("What one root has signed is still trusted while both are.")],
};
