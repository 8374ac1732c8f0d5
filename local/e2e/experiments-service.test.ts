import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti(
  "what happens to the service and its nodes",
  "pod-kill",
  "pod-kill-most",
  "scale-to-zero",
  "sidecar-drain",
  "sick-service",
  "fail-back",
  "slow-service",
  "stuck-service",
  "node-drain",
  "zone-loss",
);
