/** Who calls a cluster from other VPCs, and from which addresses: what may be closed to everybody else. */
import { containsCidr } from "cidr-tools";
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { hasLocalInjector } from "./injection.ts";
import { deriveRemoteSecrets, isExternalControlPlane, remotesOf, workloadClusters } from "./queries.ts";

/** Whether blocks let everybody in: none at all, or the whole internet. */
export const isWorld = (blocks: readonly string[]): boolean =>
  blocks.length === 0 || containsCidr([...blocks], "0.0.0.0/0");

/** Clusters whose istiod reads the API server of this one. */
export function readersOf({ clusters }: Pick<Drafts, "clusters">, { name }: ClusterDraft): ClusterDraft[] {
  const readers = deriveRemoteSecrets(clusters).flatMap(({ from, to }) => (from === name ? [to] : []));
  return clusters.filter((cluster) => readers.includes(cluster.name) && cluster.name !== name);
}

/**
 * Clusters whose pods come in through the east-west gateway of this one: those of its mesh on other networks, its
 * remotes, and those of meshes that its mesh offers a service.
 */
export function gatewayCallersOf(drafts: Drafts, cluster: ClusterDraft): ClusterDraft[] {
  if (isExternalControlPlane(cluster)) return [];
  const written = drafts.meshes.find(({ name }) => name === cluster.mesh)?.written;
  const offered = (written?.exports ?? []).map(({ to }) => to);
  const remotes = remotesOf(drafts.clusters, cluster.name);
  return workloadClusters(drafts.clusters).filter(
    (each) =>
      each.name !== cluster.name &&
      (remotes.includes(each) ||
        offered.includes(each.mesh) ||
        (each.mesh === cluster.mesh && each.network !== cluster.network)),
  );
}

/**
 * Whether all who come in through a cluster's east-west gateway call from addresses that the lab knows: those of NAT
 * gateways. API servers, which ask for webhooks, call from AWS's; and what istiod makes for an ambient mesh is told
 * nothing that is known after `up` only.
 */
export function areCallersKnown(drafts: Drafts, cluster: ClusterDraft): boolean {
  const webhooks = remotesOf(drafts.clusters, cluster.name).some((remote) => !hasLocalInjector(drafts, remote));
  const callers = gatewayCallersOf(drafts, cluster);
  return (
    cluster.dataPlane === "sidecar" &&
    !webhooks &&
    callers.length > 0 &&
    callers.every((caller) => caller.nodes.private && !caller.existing)
  );
}

/** Clusters whose NAT address the public API endpoint lets in beside the blocks that are written. */
export function readerNatsOf(drafts: Drafts, cluster: ClusterDraft): string[] {
  if (!cluster.endpoint.public || isWorld(cluster.endpoint.publicAccessCidrs)) return [];
  return readersOf(drafts, cluster)
    .filter(({ nodes }) => nodes.private)
    .map(({ name }) => name);
}

/** What a cluster's east-west gateway is reached from: blocks, and clusters by their NAT addresses; neither: everywhere. */
export function eastWestSources(
  drafts: Drafts,
  cluster: ClusterDraft,
): { readonly sourceRanges: readonly string[]; readonly callerNats: readonly string[] } {
  const sourceRanges = drafts.config.eastWest?.sourceRanges ?? [];
  const callers = gatewayCallersOf(drafts, cluster);
  if (drafts.exposure === "peering") {
    // Over a peering pods come with addresses of their own VPC.
    return { sourceRanges: sourceRanges.length > 0 ? sourceRanges : callers.map(({ cidr }) => cidr), callerNats: [] };
  }
  const open = sourceRanges.length > 0 && isWorld(sourceRanges);
  if (open || !areCallersKnown(drafts, cluster)) return { sourceRanges, callerNats: [] };
  return { sourceRanges, callerNats: callers.map(({ name }) => name) };
}
