/** The contract between the program and everything that reads a running lab: what `pulumi stack output` shows. */
import type { RevisionPlan, Role } from "./types.ts";

/** Something to look at, through a port forward to its Service. */
export interface DashboardOutput {
  readonly name: "grafana" | "kiali" | "prometheus";
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /**
   * `token`: one of the service account `kiali` in that namespace will do. `password`: of the user `admin`, in the Secret
   * `grafana` of that namespace under `admin-password`.
   */
  readonly login: "none" | "token" | "password";
}

export interface ClusterOutputs {
  /** Empty for a cluster that exists already and whose region nobody named. */
  readonly region: string;
  readonly roles: readonly Role[];
  /** The cluster whose istiod serves this one: itself, unless it is a remote. */
  readonly primary: string;
  readonly network: string;
  /** Name of the EKS cluster, for `aws eks update-kubeconfig --name`; absent for a cluster that exists already. */
  readonly eksName?: string;
  /** The context in the kubeconfig of a cluster that exists already. */
  readonly context?: string;
  /** URL of the Kubernetes API; absent for a cluster that exists already and that no other reads. */
  readonly apiServer?: string;
  readonly kubernetesVersion: string;
  /** What the istiods of this cluster are, so that a proxy of another version is known as stale; absent without one. */
  readonly controlPlanes?: readonly RevisionPlan[];
  /** Host name of the load balancer that users call, or a node's `address:port`; absent without an ingress gateway. */
  readonly ingressHostname?: string;
  /** As `ingressHostname`, for the other clusters; absent without an east-west gateway. */
  readonly eastWestHostname?: string;
  /** Host name by which other clusters reach the istiod that serves them; absent where none is served. */
  readonly istiodHostname?: string;
  /** What can be looked at here; absent where there is nothing, or where another cluster of the mesh has it. */
  readonly dashboards?: readonly DashboardOutput[];
}

export interface LabOutputs {
  readonly clusters: Readonly<Record<string, ClusterOutputs>>;
  /** A kubeconfig per cluster, or the path of its file where the cluster exists already. Secret. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** The version of Istio that istiod, proxies and charts have; with revisions the newest. */
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
