import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti(
  "pods that die, go or take no more connections",
  "pod-kill",
  "pod-kill-most",
  "scale-to-zero",
  "sidecar-drain",
);
