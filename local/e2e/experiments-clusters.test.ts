import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti(
  "what happens to gateways, clusters and control planes",
  "gateway-pod-loss",
  "gateway-loss",
  "gateway-loss-remote",
  "partition",
  "partition-remote",
  "cluster-loss",
  "istiod-loss",
  "api-server-loss",
  "istiod-restart",
);
