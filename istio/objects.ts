/**
 * What a cluster holds of Istio's API for the whole mesh. Each istiod reads one cluster only, so every such cluster gets
 * the same objects, for the gateways of its remotes too; a remote gets none. All of them come after istiod, whose webhook
 * judges them.
 */
import type { IGateway, IServiceEntry } from "@kubernetes-models/istio/networking.istio.io/v1";
import type { IPeerAuthentication } from "@kubernetes-models/istio/security.istio.io/v1";
import type { ClusterPlan, GatewayPlan, LabPlan, MeshPlan, ServiceEntryPlan } from "../topology/types.ts";
import { egressObjects } from "./egress.ts";
import { failoverFilter } from "./failover-filter.ts";
import { peerPolicy } from "./federation.ts";
import { healthRoute } from "./global-ingress.ts";
import { istiodRoutes } from "./istiod-gateway.ts";
import { networkingApi, securityApi, type KubernetesObject } from "./object.ts";
import { configuredBy, configuredGateway, meshOf } from "./plan-queries.ts";
import { joinsNetworks } from "./values.ts";

/** The Gateway that lets requests from outside the mesh in; routes of samples name it as `namespace/name`. */
export const ingressGatewayName = "lab-ingress";

export function meshObjects(lab: LabPlan, cluster: ClusterPlan): KubernetesObject[] {
  if (configuredBy(lab, cluster).length === 0) return istiodRoutes(cluster);
  const mesh = meshOf(lab, cluster);
  const root = cluster.istioNamespace;
  const ingress = configuredGateway(lab, cluster, "ingress");
  const eastWest = configuredGateway(lab, cluster, "east-west");
  const egress = configuredGateway(lab, cluster, "egress");
  const exported = configuredBy(lab, cluster).flatMap(({ exportedHosts }) => exportedHosts);
  return [
    peerAuthentication(root, mesh.mtls),
    ...(mesh.failover && mesh.dataPlane === "sidecar" ? [failoverFilter(root, mesh.failover)] : []),
    ...(ingress ? [ingressGateway(ingress)] : []),
    ...(ingress && lab.globalIngress ? [healthRoute(lab.globalIngress, ingress, ingressGatewayName)] : []),
    ...(eastWest && joinsNetworks(eastWest) ? [crossNetworkGateway(eastWest, exported)] : []),
    ...istiodRoutes(cluster),
    ...mesh.trusts.map((peer) => peerPolicy(mesh, peer)),
    ...mesh.serviceEntries.map((entry) => serviceEntry(root, entry)),
    ...(egress ? mesh.serviceEntries.flatMap((entry) => egressObjects(egress, root, entry)) : []),
  ];
}

/** In the root namespace and named `default`, it holds for the whole mesh. */
function peerAuthentication(namespace: string, mode: MeshPlan["mtls"]): KubernetesObject {
  return {
    apiVersion: securityApi,
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace },
    spec: { mtls: { mode } } satisfies IPeerAuthentication["spec"],
  };
}

function ingressGateway({ selector, namespace }: GatewayPlan): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "Gateway",
    metadata: { name: ingressGatewayName, namespace },
    spec: {
      selector: { istio: selector },
      servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
    } satisfies IGateway["spec"],
  };
}

/**
 * Lets the other networks' proxies in. The TLS between workloads is not opened here, only its SNI is read
 * (https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/). Whose SNI is not among the
 * hosts finds nobody: for other meshes and other tenants' clusters that is all but what is exported to them.
 */
function crossNetworkGateway({ selector, namespace }: GatewayPlan, hosts: readonly string[]): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "Gateway",
    metadata: { name: "cross-network-gateway", namespace },
    spec: {
      selector: { istio: selector },
      servers: [
        {
          port: { number: 15443, name: "tls", protocol: "TLS" },
          tls: { mode: "AUTO_PASSTHROUGH" },
          hosts: [...new Set(hosts)],
        },
      ],
    } satisfies IGateway["spec"],
  };
}

/** In the root namespace, a host outside the mesh is known to every namespace. */
function serviceEntry(namespace: string, entry: ServiceEntryPlan): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "ServiceEntry",
    metadata: { name: entry.name, namespace },
    spec: {
      hosts: [...entry.hosts],
      ports: entry.ports.map(({ number, name, protocol }) => ({ number, name, protocol })),
      location: entry.location,
      resolution: entry.resolution,
      ...(entry.endpoints.length > 0 ? { endpoints: entry.endpoints.map(({ address }) => ({ address })) } : {}),
    } satisfies IServiceEntry["spec"],
  };
}
