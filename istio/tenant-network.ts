/**
 * Keeps a tenant's pods apart below the mesh, where a pod that leaves its proxy aside would go. Whom they may call on
 * which path is the mesh's matter (`tenant-traffic.ts`); here every port counts, HBONE's 15008 with it.
 * On EKS the VPC CNI enforces this: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
import { istioNamespace, observabilityNamespace, serviceHost } from "../topology/names.ts";
import type { ClusterPlan, Json, LabPlan, TenantPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";
import { meshOf } from "./plan-queries.ts";
import { prometheusLabel } from "./prometheus.ts";

/** Where a proxy asks for its certificate and configuration. */
const discoveryPort = 15012;
const crossNetworkPort = 15443;
/** Where a proxy tells its metrics: https://istio.io/latest/docs/ops/deployment/application-requirements/ */
const metricsPort = 15020;

export function networkPoliciesOf(lab: LabPlan, cluster: ClusterPlan, tenant: TenantPlan): KubernetesObject[] {
  const { name, callers, mayCall } = tenant;
  const blocks = blocksOfOneNetwork(lab, cluster);
  const inside = (tenants: readonly string[]): Json[] => [name, ...tenants].map((each) => namespace(each));
  const from = [
    ...inside(callers.map((caller) => caller.name)),
    ...blocks,
    ...(isCalledFromElsewhere(cluster, tenant) ? [pods(istioNamespace, { istio: "eastwestgateway" })] : []),
  ];
  const to: Json[] = [
    { to: [...inside(mayCall), ...blocks] },
    { to: [pods("kube-system", { "k8s-app": "kube-dns" })], ports: [port("UDP", 53), port("TCP", 53)] },
    { to: [pods(istioNamespace, { app: "istiod" })], ports: [port("TCP", discoveryPort)] },
    ...(cluster.gateways.some(({ kind }) => kind === "egress")
      ? [{ to: [pods(istioNamespace, { istio: "egressgateway" })] }]
      : []),
    // The addresses of the other networks' load balancers are known to nobody beforehand.
    ...(callsElsewhere(lab, cluster, tenant)
      ? [{ to: [block("0.0.0.0/0")], ports: [port("TCP", crossNetworkPort)] }]
      : []),
  ];
  return [
    networkPolicy(name, "default-deny", { policyTypes: ["Ingress", "Egress"] }),
    networkPolicy(name, "callers", { policyTypes: ["Ingress"], ingress: [{ from }, ...scraped(cluster)] }),
    networkPolicy(name, "callees", { policyTypes: ["Egress"], egress: to }),
  ];
}

/** Prometheus asks each proxy, on a port that says nothing else; what the application has, the proxy adds. */
function scraped({ observability }: ClusterPlan): Json[] {
  if (observability === undefined) return [];
  return [{ from: [pods(observabilityNamespace, prometheusLabel)], ports: [port("TCP", metricsPort)] }];
}

/** Other clusters' pods have no namespace here: what is of one network comes from a VPC's block. */
function blocksOfOneNetwork(lab: LabPlan, { name, mesh, network }: ClusterPlan): Json[] {
  return lab.clusters
    .filter((other) => other.name !== name && other.mesh === mesh && other.network === network)
    .map(({ vpc }) => block(vpc.cidr));
}

/** Whether the gateway of its cluster leads to the tenant. */
function isCalledFromElsewhere({ exportedHosts }: ClusterPlan, { name }: TenantPlan): boolean {
  return leadsToAll(exportedHosts) || exportedHosts.some((host) => host.endsWith(serviceHost("", name)));
}

/** Whether the tenant knows of anything behind the gateway of another network, mesh or tenant. */
function callsElsewhere(lab: LabPlan, cluster: ClusterPlan, { name }: TenantPlan): boolean {
  const imports = [...meshOf(lab, cluster).imports, ...cluster.imports];
  return leadsToAll(cluster.exportedHosts) || imports.some(({ exportTo }) => exportTo?.includes(name) ?? true);
}

/** Where clusters of a mesh know each other, each other's whole. */
const leadsToAll = (hosts: readonly string[]): boolean => hosts.includes("*.local");

function networkPolicy(namespace: string, name: string, spec: { readonly [key: string]: Json }): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: {}, ...spec },
  };
}

const namespace = (name: string): { [key: string]: Json } => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});
const pods = (name: string, matchLabels: Record<string, string>): Json => ({
  ...namespace(name),
  podSelector: { matchLabels },
});
const block = (cidr: string): Json => ({ ipBlock: { cidr } });
const port = (protocol: "TCP" | "UDP", number: number): Json => ({ protocol, port: number });
