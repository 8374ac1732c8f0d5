import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti(
  "controls, which must fail",
  "no-outlier-detection",
  "default-max-ejection",
  "different-roots",
  "no-locality",
);
