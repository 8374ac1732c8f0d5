/**
 * Questions about clusters and their relations. They take records and plans alike and hold for every deployment model
 * of https://istio.io/latest/docs/ops/deployment/deployment-models/, because all of it follows from four relations.
 */
import { externalIstiodNamespace, istioNamespace } from "./names.ts";
import type { NetworkLinkPlan, RemoteSecretPlan, Role } from "./types.ts";

/** What makes a cluster's place in a mesh. */
export interface Relations {
  readonly name: string;
  readonly mesh: string;
  readonly network: string;
  readonly primary: string;
  readonly config: string;
  /** Names of the tenants that the cluster is dedicated to; absent or empty for one that is not. */
  readonly dedicatedTo?: readonly string[];
}

/**
 * Two clusters that are dedicated to different tenants: cluster tenancy
 * (https://istio.io/latest/docs/ops/deployment/deployment-models/#cluster-tenancy). Neither istiod reads the other's
 * API server, because whoever reads it sees every workload and Secret there.
 */
export function areStrangers({ dedicatedTo: some = [] }: Relations, { dedicatedTo: others = [] }: Relations): boolean {
  return some.length > 0 && others.length > 0 && !some.some((tenant) => others.includes(tenant));
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** Runs an istiod that serves itself or others. */
export const isPrimary = (cluster: Relations): boolean => cluster.primary === cluster.name;
export const isRemote = (cluster: Relations): boolean => !isPrimary(cluster);

/** Runs the control plane of other clusters and no workload: its Istio configuration lives elsewhere. */
export const isExternalControlPlane = (cluster: Relations): boolean =>
  isPrimary(cluster) && cluster.config !== cluster.name;

const primariesOf = <C extends Relations>(clusters: readonly C[]): C[] => clusters.filter(isPrimary);

/** Clusters that the named primary serves, itself not counted. */
export const remotesOf = <C extends Relations>(clusters: readonly C[], primary: string): C[] =>
  clusters.filter((cluster) => cluster.primary === primary && cluster.name !== primary);

/** Clusters that carry workloads: all but external control planes. */
export const workloadClusters = <C extends Relations>(clusters: readonly C[]): C[] =>
  clusters.filter((cluster) => !isExternalControlPlane(cluster));

export const clustersOfMesh = <C extends Relations>(clusters: readonly C[], mesh: string): C[] =>
  clusters.filter((cluster) => cluster.mesh === mesh);

/** Names of the networks that workloads live in, sorted. */
export const networksOf = (clusters: readonly Relations[]): string[] =>
  [...new Set(workloadClusters(clusters).map((cluster) => cluster.network))].sort();

/** Every cluster after those that serve it: primaries, then config clusters, with which an external istiod starts. */
export const servingFirst = <C extends Relations>(clusters: readonly C[]): C[] =>
  Object.values(
    Object.groupBy(clusters, (cluster) => (isPrimary(cluster) ? 0 : cluster.config === cluster.name ? 1 : 2)),
  ).flat();

/** A cluster's roles, sorted. The Istio configuration of an external control plane lies in its `config` cluster. */
export function rolesOf(clusters: readonly Relations[], cluster: Relations): Role[] {
  const roles: Role[] = [];
  const holdsConfigOfAnother = clusters.some((each) => isExternalControlPlane(each) && each.config === cluster.name);
  if (holdsConfigOfAnother) roles.push("config");
  if (isExternalControlPlane(cluster)) roles.push("external-control-plane");
  else roles.push(isPrimary(cluster) ? "primary" : "remote");
  return roles.sort();
}

/** Every pair of two different members, each once, in the given order. */
export const pairsOf = <T>(list: readonly T[]): [T, T][] =>
  list.flatMap((first, index) => list.slice(index + 1).map((second): [T, T] => [first, second]));

/** The namespace of the istiod that serves others from this primary. */
const istiodNamespace = (primary: Relations): string =>
  isExternalControlPlane(primary) ? externalIstiodNamespace : istioNamespace;

/**
 * Istio's own namespace in a cluster: named as that of the istiod that serves it. The cluster of an external control
 * plane has an istiod of its own for its gateway, in the usual place.
 */
export function istiodNamespaceOf(clusters: readonly Relations[], cluster: Relations): string {
  const primary = clusters.find(({ name }) => name === cluster.primary);
  return isRemote(cluster) && primary !== undefined ? istiodNamespace(primary) : istioNamespace;
}

/**
 * Each primary reads the API server of every other workload cluster of its mesh, but for strangers
 * (https://istio.io/latest/docs/setup/install/multicluster/). An external control plane reads its configuration with
 * the one of type `config` (https://istio.io/latest/docs/setup/install/external-controlplane/).
 */
export function deriveRemoteSecrets(clusters: readonly Relations[]): RemoteSecretPlan[] {
  return primariesOf(clusters).flatMap((to) =>
    workloadClusters(clustersOfMesh(clusters, to.mesh))
      .filter((from) => from.name !== to.name && !areStrangers(from, to))
      .map((from) => ({
        from: from.name,
        to: to.name,
        type: to.config === from.name ? ("config" as const) : ("remote" as const),
        namespace: istiodNamespace(to),
      })),
  );
}

/**
 * Clusters whose gateway leads to everything in them, for the traffic of other networks: all that carry workloads, where
 * the clusters of their mesh have more than one network. Strangers do not count.
 */
export function deriveEastWestGateways(clusters: readonly Relations[]): string[] {
  const known = (cluster: Relations): Relations[] =>
    clustersOfMesh(clusters, cluster.mesh).filter((other) => !areStrangers(cluster, other));
  return workloadClusters(clusters)
    .filter((cluster) => networksOf(known(cluster)).length > 1)
    .map((cluster) => cluster.name);
}

/**
 * Whether packets must travel between the VPCs of two clusters as they are: because workloads of one network reach each
 * other by address, or because east-west gateways are reached through peering.
 */
export function areJoined(a: Relations, b: Relations, exposure: "internet" | "peering"): boolean {
  if (a.mesh !== b.mesh || a.name === b.name) return false;
  return shareNetwork(a, b) || exposure === "peering";
}

/** Whether pods of both reach each other directly (https://istio.io/latest/docs/ops/deployment/deployment-models/#single-network). */
export const shareNetwork = (a: Relations, b: Relations): boolean =>
  a.mesh === b.mesh && a.network === b.network && workloadClusters([a, b]).length === 2;

/** Every pair of joined clusters; peering is not transitive, so each pair has a link of its own. */
export const deriveNetworkLinks = (
  clusters: readonly Relations[],
  exposure: "internet" | "peering",
): NetworkLinkPlan[] =>
  pairsOf(clusters)
    .filter(([a, b]) => areJoined(a, b, exposure))
    .map(([a, b]) => ({ a: a.name, b: b.name }));

/** Primaries that serve other clusters through a gateway. */
export const deriveIstiodGateways = (clusters: readonly Relations[]): string[] =>
  primariesOf(clusters)
    .filter((primary) => remotesOf(clusters, primary.name).length > 0)
    .map((primary) => primary.name);
