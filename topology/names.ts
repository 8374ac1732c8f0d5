/** The only place that builds names, logical ones (Pulumi's, which are identity) and physical ones (AWS, Kubernetes). */
import type { GatewayPlan } from "./types.ts";

/** Logical name of the root component. */
export const labName = "lab";

/** The namespace of istiod and the gateways; an external control plane's second istiod has one of its own. */
export const istioNamespace = "istio-system";
export const externalIstiodNamespace = "external-istiod";

/** Names that the lab uses for resources beside the clusters, so that no cluster may have them. */
export const reservedClusterNames: readonly string[] = [labName, "trust", "mesh", "access", "kubernetes", "default"];

/** Longest cluster name: an IAM role named after it, with the EKS component's and Pulumi's suffixes, has 64 characters. */
export const maxClusterNameLength = 30;

/** A DNS-1123 label, which Istio demands of a cluster name: it becomes part of a Secret's name and of host names. */
export const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Logical name of a child: its parent's name, then a stable word, never a position. */
export const childName = (parent: string, role: string): string => `${parent}-${role}`;

/** The EKS cluster's name, unique in an account and region because of the lab's id. */
export const eksClusterName = (labId: string, cluster: string): string => fitted(`${labId}-${cluster}`, 100);

/** Default of a cluster's network: one of its own. */
export const defaultNetworkName = (cluster: string): string => `network-${cluster}`;

/** Helm releases, named as Istio's pages name them: https://istio.io/latest/docs/setup/install/helm/ */
export const releaseNames = { base: "istio-base", istiod: "istiod", cni: "istio-cni", ztunnel: "ztunnel" } as const;

const gatewayWords: Record<GatewayPlan["kind"], string> = {
  ingress: "ingressgateway",
  egress: "egressgateway",
  "east-west": "eastwestgateway",
};

/** Helm release, Deployment and Service of a gateway: `istio-ingressgateway`, ... */
export const gatewayRelease = (kind: GatewayPlan["kind"]): string => `istio-${gatewayWords[kind]}`;

/** Value of the `istio` label on a gateway's pods, which Istio's Gateway objects select. */
export const gatewaySelector = (kind: GatewayPlan["kind"]): string => gatewayWords[kind];

/**
 * Secret that holds a kubeconfig for istiod, as `istioctl create-remote-secret` names it
 * (https://github.com/istio/istio/blob/master/istioctl/pkg/multicluster/remote_secret.go).
 */
export const remoteSecretName = (cluster: string, type: "remote" | "config" = "remote"): string =>
  type === "config" ? "istio-kubeconfig" : `istio-remote-secret-${cluster}`;

/** Keys of subnets: `public-a` is the public one in the first zone. */
export const subnetKey = (tier: "public" | "private", zone: number): string =>
  `${tier}-${String.fromCharCode("a".charCodeAt(0) + zone)}`;

/** The name itself where it fits, else its beginning and a hash of all of it. */
export function fitted(name: string, budget: number): string {
  if (name.length <= budget) return name;
  const suffix = hash(name).toString(36);
  return `${name.slice(0, budget - suffix.length - 1).replace(/-+$/, "")}-${suffix}`;
}

/** FNV-1a, 32 bits: small, stable over time and machines; nothing secret depends on it. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
