/** As much of Kubernetes' objects as a retrofit reads. */
import type { Found, Reference } from "../cluster/cluster.ts";

type Labels = Readonly<Record<string, string>>;

export type NamespaceObject = Found<{ readonly metadata: { readonly labels?: Labels } }>;

export type WorkloadObject = Found<{
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Labels };
    readonly template: { readonly metadata?: { readonly labels?: Labels } };
  };
}>;

export type ServiceObject = Found<{ readonly spec: { readonly selector?: Labels } }>;

/** A workload whose pods can be made anew. */
export interface Workload {
  readonly reference: Reference;
  /** By which its pods are known. */
  readonly selector: Labels;
  /** Whether a Service leads to it, so that others call it. */
  readonly called: boolean;
}

export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;
