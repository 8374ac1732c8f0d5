/** The contract between the program and everything that reads a running lab: what `pulumi stack output` shows. */
import type { Role } from "./types.ts";

export interface ClusterOutputs {
  readonly region: string;
  readonly roles: readonly Role[];
  readonly network: string;
  /** Name of the EKS cluster, for `aws eks update-kubeconfig --name`. */
  readonly eksName: string;
  /** URL of the Kubernetes API. */
  readonly apiServer: string;
  readonly kubernetesVersion: string;
  /** What the istiod of this cluster is, so that a proxy of another version is known as stale; absent without one. */
  readonly controlPlane?: { readonly version: string; readonly revision: string };
  /** Host name of the load balancer that users call; absent without an ingress gateway. */
  readonly ingressHostname?: string;
  /** Host name of the load balancer that the other clusters call; absent without an east-west gateway. */
  readonly eastWestHostname?: string;
}

export interface LabOutputs {
  readonly clusters: Readonly<Record<string, ClusterOutputs>>;
  /** A kubeconfig per cluster. Secret. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** The version of Istio that istiod, proxies and charts have. */
  readonly meshVersion: string;
  /** Marks everything the lab made, in AWS tags and in names that must be unique. */
  readonly labId: string;
}

/** The outputs' names, for tests and readers. */
export const labOutputNames = [
  "clusters",
  "kubeconfigs",
  "meshVersion",
  "labId",
] as const satisfies readonly (keyof LabOutputs)[];
