/** Names that several parts of the lab must agree on, and what a name may look like. */
import type { GatewayPlan } from "./types.ts";

/** Logical name of the root component. */
export const labName = "lab";

/** Tags by which everything that a lab makes in AWS is found again; their values are the lab's id and the stack's name. */
export const labIdTag = "istio-lab/id";
export const stackTag = "istio-lab/stack";

/** The namespace of istiod and the gateways; an external control plane's second istiod has one of its own. */
export const istioNamespace = "istio-system";
export const externalIstiodNamespace = "external-istiod";

/** The namespace of Prometheus, Kiali and Grafana, the same in every cluster. */
export const observabilityNamespace = "observability";

/** Names that the lab uses for resources beside the clusters, so that no cluster may have them. */
export const reservedClusterNames: readonly string[] = [labName, "trust", "mesh", "access", "kubernetes", "default"];

/** Longest cluster name: an IAM role named after it, with the EKS component's and Pulumi's suffixes, has 64 characters. */
export const maxClusterNameLength = 30;

/** A DNS-1123 label, which Istio demands of a cluster name: it becomes part of a Secret's name and of host names. */
export const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A DNS-1123 subdomain: labels with dots between, such as `cluster.local`. */
export const isDnsName = (name: string): boolean =>
  name.length <= 253 && name.split(".").every((label) => dnsLabel.test(label) && label.length <= 63);

/** Default of a cluster's network: one of its own. */
export const defaultNetworkName = (cluster: string): string => `network-${cluster}`;

/** Helm releases, named as Istio's pages name them: https://istio.io/latest/docs/setup/install/helm/ */
export const releaseNames = { base: "istio-base", istiod: "istiod", cni: "istio-cni", ztunnel: "ztunnel" } as const;

/** The release of a control plane that has a name: one for each revision. */
export const istiodRelease = (revision: string): string => `${releaseNames.istiod}-${revision}`;

const gatewayWords: Record<GatewayPlan["kind"], string> = {
  ingress: "ingressgateway",
  egress: "egressgateway",
  "east-west": "eastwestgateway",
};

/** Helm release, Deployment and Service of a gateway: `istio-ingressgateway`, ... */
export const gatewayRelease = (kind: GatewayPlan["kind"]): string => `istio-${gatewayWords[kind]}`;

/** Value of the `istio` label on a gateway's pods, which Istio's Gateway objects select. */
export const gatewaySelector = (kind: GatewayPlan["kind"]): string => gatewayWords[kind];

/** The Kubernetes group of a tenant's people; a name that EKS allows (no `system:`, `eks:`, `aws:` before it). */
export const tenantGroup = (tenant: string): string => `istio-lab-tenant-${tenant}`;

/** Namespaces that Kubernetes, EKS and the lab itself use, so that no tenant may have them. */
export const reservedNamespaces: readonly string[] = [
  "default",
  "kube-node-lease",
  "kube-public",
  "kube-system",
  istioNamespace,
  externalIstiodNamespace,
  observabilityNamespace,
];

/** A Service's name inside the mesh, the same in every cluster. */
export const serviceHost = (service: string, namespace: string): string => `${service}.${namespace}.svc.cluster.local`;

/** Keys of subnets: `public-a` is the public one in the first zone. */
export const subnetKey = (tier: "public" | "private", zone: number): string =>
  `${tier}-${String.fromCharCode("a".charCodeAt(0) + zone)}`;

/** FNV-1a, 32 bits: small, stable over time and machines; nothing secret depends on it. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
