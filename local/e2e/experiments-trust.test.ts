import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti(
  "rotations, and controls that must fail",
  "remote-secret-rotation",
  "intermediate-rotation",
  "root-rotation",
  "no-outlier-detection",
  "default-max-ejection",
  "different-roots",
  "no-locality",
);
