/** What of a lab can be reached from outside its VPCs, and why. */
import { serviceHost } from "./names.ts";
import type { ClusterPlan, MeshPlan, OpenPlan, RemoteSecretPlan } from "./types.ts";

const world = ["0.0.0.0/0"];

const reasons: Record<number, string> = {
  80: "requests of users",
  15008: "HBONE between the clusters of the mesh, refused without a certificate of its root",
  15012: "istiod, for the proxies of the clusters it serves",
  15017: "istiod's webhooks, for the API servers of the clusters it serves, whose addresses nobody knows",
};

/** Everything that a load balancer or an API endpoint offers to the internet, in the order of the clusters. */
export function openOf(
  cluster: ClusterPlan,
  meshes: readonly MeshPlan[],
  remoteSecrets: readonly RemoteSecretPlan[],
): OpenPlan[] {
  const mesh = meshes.find(({ name }) => name === cluster.mesh);
  const gateways = cluster.gateways
    .filter((gateway) => gateway.exposure === "internet")
    .map((gateway) => ({
      cluster: cluster.name,
      what: gateway.release,
      ports: gateway.ports.map((each) => each.port),
      sources: sourcesOf(gateway.sourceRanges, gateway.callerNats),
      why: gateway.ports
        .flatMap(({ port }) => (port === 15443 ? crossReasons(cluster, mesh) : (reasons[port] ?? [])))
        .join("; "),
    }));
  return [...openEndpoint(cluster, remoteSecrets), ...gateways];
}

function sourcesOf(blocks: readonly string[], nats: readonly string[]): readonly string[] {
  const sources = [...blocks, ...nats.map((cluster) => `NAT of ${cluster}`)];
  return sources.length > 0 ? sources : world;
}

/** Who comes through an east-west gateway: other clusters of the mesh, other meshes, other tenants' clusters. */
function crossReasons({ exportedHosts }: ClusterPlan, mesh: MeshPlan | undefined): string[] {
  const exports = mesh?.exports ?? [];
  const toMeshes = exports.map(({ service, namespace, to }) => `${service}.${namespace} for mesh ${to}`);
  const ofMeshes = exports.map(({ service, namespace }) => serviceHost(service, namespace));
  const toTenants = exportedHosts.filter((host) => host !== "*.local" && !ofMeshes.includes(host));
  return [
    ...(exportedHosts.includes("*.local")
      ? ["mutual TLS between the clusters of the mesh, refused without a certificate of its root"]
      : []),
    ...(toMeshes.length > 0
      ? [`mutual TLS to ${toMeshes.join(" and ")}, refused without a certificate of its root`]
      : []),
    ...(toTenants.length > 0
      ? [
          `mutual TLS to ${toTenants.join(" and ")} for other tenants' clusters, refused without a certificate of the mesh's root`,
        ]
      : []),
  ];
}

/** The endpoint of a cluster that exists already is as open as somebody else made it. */
function openEndpoint(
  { name, endpoint, existing }: ClusterPlan,
  remoteSecrets: readonly RemoteSecretPlan[],
): OpenPlan[] {
  if (!endpoint.public || existing !== undefined) return [];
  const sources = sourcesOf(endpoint.publicAccessCidrs, endpoint.readerNats);
  const readers = remoteSecrets.filter(({ from }) => from === name).map(({ to }) => to);
  const why = `kubectl and Pulumi${readers.length > 0 ? `, and istiod in ${readers.join(", ")}` : ""}`;
  return [{ cluster: name, what: "kubernetes-api", ports: [443], sources, why }];
}
