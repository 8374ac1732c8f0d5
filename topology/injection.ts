/** Who puts proxies into the pods of a cluster. */
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { isExternalControlPlane, isRemote } from "./queries.ts";

/**
 * Whether the webhooks of a remote are answered by an istiod of its own, which does nothing else: EKS calls no webhook
 * behind an ExternalName Service, nor outside the cluster's VPC (https://github.com/istio/istio/issues/45014,
 * https://github.com/istio/istio/issues/46551). An external control plane answers the webhooks of its remotes itself,
 * at an address of the internet.
 */
export function hasLocalInjector(drafts: Drafts, cluster: ClusterDraft): boolean {
  const primary = drafts.clusters.find(({ name }) => name === cluster.primary);
  if (!isRemote(cluster) || primary === undefined || isExternalControlPlane(primary)) return false;
  return drafts.meshes.find(({ name }) => name === cluster.mesh)?.written.localInjector ?? true;
}
