import type { Json, Platform } from "./platform.ts";

const reason =
  "The network of clusters that existed before the lab is somebody else's, and the lab knows no way to cut it. Run this " +
  "experiment on EKS or on the local cloud, or choose one whose faults are inside Kubernetes.";

const refuse = (): Promise<never> => Promise.reject(new Error(reason));

/** Clusters that the lab did not make, such as kind's. */
export const existingClusters: Platform = {
  name: "existing clusters",
  cannotCut: reason,
  prepare: (): Promise<Json> => refuse(),
  cut: refuse,
  mend: refuse,
};
