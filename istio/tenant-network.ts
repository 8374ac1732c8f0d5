/**
 * Keeps a tenant's pods apart below the mesh, where a pod that leaves its proxy aside would go. Whom they may call on
 * which path is the mesh's matter (`tenant-traffic.ts`); here every port counts, HBONE's 15008 with it.
 * On EKS the VPC CNI enforces this: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
import { istioNamespace } from "../topology/names.ts";
import type { ClusterPlan, Json, LabPlan, TenantPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";

/** Where a proxy asks for its certificate and configuration. */
const discoveryPort = 15012;
const crossNetworkPort = 15443;

export function networkPoliciesOf(lab: LabPlan, cluster: ClusterPlan, tenant: TenantPlan): KubernetesObject[] {
  const { name, callers, mayCall } = tenant;
  const peers = peersOf(lab, cluster);
  const inside = (tenants: readonly string[]): Json[] => [name, ...tenants].map((each) => namespace(each));
  const from = [
    ...inside(callers.map((caller) => caller.name)),
    ...peers.blocks,
    ...(peers.elsewhere ? [pods(istioNamespace, { istio: "eastwestgateway" })] : []),
  ];
  const to: Json[] = [
    { to: [...inside(mayCall), ...peers.blocks] },
    { to: [pods("kube-system", { "k8s-app": "kube-dns" })], ports: [port("UDP", 53), port("TCP", 53)] },
    { to: [pods(istioNamespace, { app: "istiod" })], ports: [port("TCP", discoveryPort)] },
    ...(cluster.gateways.some(({ kind }) => kind === "egress")
      ? [{ to: [pods(istioNamespace, { istio: "egressgateway" })] }]
      : []),
    // The addresses of the other networks' load balancers are known to nobody beforehand.
    ...(peers.elsewhere ? [{ to: [block("0.0.0.0/0")], ports: [port("TCP", crossNetworkPort)] }] : []),
  ];
  return [
    networkPolicy(name, "default-deny", { policyTypes: ["Ingress", "Egress"] }),
    networkPolicy(name, "callers", { policyTypes: ["Ingress"], ingress: [{ from }] }),
    networkPolicy(name, "callees", { policyTypes: ["Egress"], egress: to }),
  ];
}

/** Other clusters' pods have no namespace here: what is of one network comes from a VPC's block. */
function peersOf(lab: LabPlan, cluster: ClusterPlan): { blocks: Json[]; elsewhere: boolean } {
  const others = lab.clusters.filter(({ name, mesh }) => name !== cluster.name && mesh === cluster.mesh);
  return {
    blocks: others.filter(({ network }) => network === cluster.network).map(({ vpc }) => block(vpc.cidr)),
    elsewhere: others.some(({ network }) => network !== cluster.network),
  };
}

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
