/** Which gateways stand in a cluster, what they listen on, and who may reach them. */
import { eastWestSources } from "./callers.ts";
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { exportedHosts } from "./exports.ts";
import { hasLocalInjector } from "./injection.ts";
import { gatewayRelease, gatewaySelector } from "./names.ts";
import { deriveIstiodGateways, isExternalControlPlane, istiodNamespaceOf, remotesOf } from "./queries.ts";
import type { GatewayPlan, GatewayServicePlan } from "./types.ts";

type Port = GatewayPlan["ports"][number];

const port = (name: string, number: number): Port => ({ name, port: number, targetPort: number });

/**
 * Ports as Istio's gateway chart has them, less the status port 15021: load balancers probe it on the pods, and nobody
 * needs it from outside (https://github.com/istio/istio/blob/master/manifests/charts/gateway/values.yaml).
 */
const webPorts = [port("http2", 80), port("https", 443)];
/** Mutual TLS passed through by server name: https://github.com/istio/istio/tree/master/samples/multicluster */
const crossNetworkPort = port("tls", 15443);
/** HBONE, ambient's mutual TLS; istiod puts the status port beside it (https://istio.io/latest/docs/ambient/install/multicluster/). */
const hbonePorts = [port("hbone", 15008), port("status-port", 15021)];
const discoveryPort = port("tls-istiod", 15012);
const webhookPort = port("tls-webhook", 15017);

/**
 * The ports of nodes behind which NodePort Services stand. Fixed, because every istiod is told those of the other
 * clusters beforehand: it finds them by itself only where nodes have external addresses, which kind's have not
 * (istio/istio: pilot/pkg/serviceregistry/kube/controller/controller.go).
 */
const nodePorts: Readonly<Record<number, number>> = { 80: 30080, 443: 30443, 15443: 31443 };

/** Two pods, so that losing a node or a zone does not cut the mesh in two. */
const defaultEastWestReplicas = 2;

/** Names of the clusters that other networks, other meshes or other tenants' clusters call through a gateway. */
export const planEastWestGateways = (drafts: Drafts): string[] =>
  drafts.clusters.filter((cluster) => exportedHosts(drafts, cluster).length > 0).map(({ name }) => name);

/** Gateways of one cluster: ingress, egress, east-west, in this order. */
export function planGateways(drafts: Drafts, cluster: ClusterDraft): GatewayPlan[] {
  const gateways: GatewayPlan[] = [];
  const istiodPorts = exposedIstiodPorts(drafts, cluster);
  if (isExternalControlPlane(cluster)) {
    // Its ingress gateway carries nothing but istiod: https://istio.io/latest/docs/setup/install/external-controlplane/
    return [gateway(drafts, cluster, "ingress", istiodPorts)];
  }
  if (cluster.gateways.ingress) gateways.push(gateway(drafts, cluster, "ingress", webPorts));
  if (cluster.gateways.egress) gateways.push(gateway(drafts, cluster, "egress", webPorts));
  const crossing = cluster.dataPlane === "ambient" ? hbonePorts : [crossNetworkPort];
  const crosses = exportedHosts(drafts, cluster).length > 0;
  const eastWestPorts = [...(crosses ? crossing : []), ...istiodPorts];
  if (eastWestPorts.length > 0) gateways.push(gateway(drafts, cluster, "east-west", eastWestPorts));
  return gateways;
}

/** istiod's ports, only where a remote needs them; the webhook's only where the remote runs no injector of its own. */
function exposedIstiodPorts(drafts: Drafts, cluster: ClusterDraft): Port[] {
  if (!deriveIstiodGateways(drafts.clusters).includes(cluster.name)) return [];
  const webhookCallsCross = remotesOf(drafts.clusters, cluster.name).some(
    (remote) => !hasLocalInjector(drafts, remote),
  );
  return webhookCallsCross ? [discoveryPort, webhookPort] : [discoveryPort];
}

/** How others reach a gateway of a cluster that exists already. */
function existingService(cluster: ClusterDraft, ports: readonly Port[]): GatewayServicePlan {
  const { loadBalancerClass } = cluster.gateways.service;
  if (serviceTypeOf(cluster) === "LoadBalancer")
    return { type: "LoadBalancer", ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }) };
  const address = nodeAddressOf(cluster);
  const known = ports.flatMap(({ name, port: number }) => {
    const nodePort = nodePorts[number];
    return nodePort === undefined ? [] : [[name, nodePort] as const];
  });
  return { type: "NodePort", ...(address === undefined ? {} : { address }), nodePorts: Object.fromEntries(known) };
}

/** What makes the load balancers of a cluster differs, or is not there; a node always has ports. */
export function serviceTypeOf({ gateways: { service } }: ClusterDraft): "LoadBalancer" | "NodePort" {
  return service.type ?? (service.loadBalancerClass === undefined ? "NodePort" : "LoadBalancer");
}

/** Where a node of an existing cluster is reached: on kind, the container of the API server is a node too. */
export function nodeAddressOf(cluster: ClusterDraft): string | undefined {
  const { apiServer } = cluster.written;
  return cluster.gateways.service.address ?? (apiServer === undefined ? undefined : new URL(apiServer).hostname);
}

function gateway(drafts: Drafts, cluster: ClusterDraft, kind: GatewayPlan["kind"], ports: Port[]): GatewayPlan {
  const exposure = {
    ingress: cluster.existing ? "internal" : "internet",
    egress: "none",
    "east-west": cluster.existing || drafts.exposure === "peering" ? "internal" : "internet",
  } as const;
  const service = cluster.existing && kind !== "egress" ? { service: existingService(cluster, ports) } : {};
  const { sourceRanges, callerNats } = sourcesOf(drafts, cluster, kind);
  return {
    kind,
    release: gatewayRelease(kind),
    selector: gatewaySelector(kind),
    namespace: istiodNamespaceOf(drafts.clusters, cluster),
    replicas: cluster.gateways.replicas ?? (kind === "east-west" ? defaultEastWestReplicas : 1),
    exposure: exposure[kind],
    ...service,
    madeBy: kind === "east-west" && cluster.dataPlane === "ambient" ? "istiod" : "chart",
    sourceRanges: [...sourceRanges].sort(),
    callerNats,
    ports,
  };
}

function sourcesOf(
  drafts: Drafts,
  cluster: ClusterDraft,
  kind: GatewayPlan["kind"],
): Pick<GatewayPlan, "sourceRanges" | "callerNats"> {
  if (kind === "east-west") return eastWestSources(drafts, cluster);
  return { sourceRanges: kind === "ingress" ? (drafts.config.ingress?.sourceRanges ?? []) : [], callerNats: [] };
}
