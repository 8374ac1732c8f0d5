/** What joins VPCs, and by which addresses clusters call each other. */
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { areJoined, deriveNetworkLinks, deriveRemoteSecrets, shareNetwork } from "./queries.ts";
import type { NetworkLinkPlan, PeerPlan } from "./types.ts";

/** Peerings between VPCs of the lab; clusters that exist already have their networks from elsewhere. */
export const planNetworkLinks = (drafts: Drafts): NetworkLinkPlan[] =>
  drafts.config.platform === "existing" ? [] : deriveNetworkLinks(drafts.clusters, drafts.exposure);

/** The other ends of a cluster's peerings. */
export function planPeers(drafts: Drafts, cluster: ClusterDraft): PeerPlan[] {
  if (drafts.config.platform === "existing") return [];
  return drafts.clusters
    .filter((peer) => areJoined(cluster, peer, drafts.exposure))
    .map((peer) => ({ cluster: peer.name, cidr: peer.cidr, admits: admitted(drafts, cluster, peer) }));
}

/** The public endpoint's name leads to a public address from other VPCs, so only a private one is read by peering. */
function admitted(drafts: Drafts, cluster: ClusterDraft, peer: ClusterDraft): PeerPlan["admits"] {
  if (shareNetwork(cluster, peer)) return "everything";
  const isRead = deriveRemoteSecrets(drafts.clusters).some(({ from, to }) => from === cluster.name && to === peer.name);
  return isRead && !cluster.endpoint.public ? "kubernetes-api" : "nothing";
}
