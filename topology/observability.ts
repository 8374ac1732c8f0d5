/** Which clusters of a mesh gather metrics, which one keeps them, and who may look (https://istio.io/latest/docs/tasks/observability/). */
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { clustersOfMesh, isExternalControlPlane, isPrimary, workloadClusters } from "./queries.ts";
import type { LabConfig } from "./schema.ts";
import type { ClusterPlan, KialiPlan, KialiSecretPlan, ObservabilityPlan } from "./types.ts";

/** Whether metrics are gathered: nothing else has anything to show without them. */
export function gathersMetrics({ observability = {} }: LabConfig): boolean {
  const { prometheus, kiali = false, grafana = false } = observability;
  return prometheus ?? (kiali || grafana);
}

/**
 * Clusters of a mesh that may keep its metrics. A primary, since its istiod reads every other cluster's API server, and
 * Kiali goes the same way; where the only primary is an external control plane, the cluster that holds its configuration.
 */
export function possibleStores({ clusters }: Drafts, mesh: string): ClusterDraft[] {
  const candidates = workloadClusters(clustersOfMesh(clusters, mesh));
  const primaries = candidates.filter(isPrimary);
  return primaries.length > 0 ? primaries : candidates.filter(({ name, config }) => name === config);
}

/** Clusters that the stack file names to keep metrics. */
export const namedStores = ({ observability: { cluster = [] } = {} }: LabConfig): readonly string[] =>
  typeof cluster === "string" ? [cluster] : cluster;

/**
 * The cluster that keeps a mesh's metrics. Where several could, neither their order nor their names choose: a further
 * cluster would move the store, and what it holds would be lost.
 */
function storeOf(drafts: Drafts, mesh: string): ClusterDraft | undefined {
  const stores = possibleStores(drafts, mesh);
  return stores.length === 1 ? stores[0] : stores.find(({ name }) => namedStores(drafts.config).includes(name));
}

export function planObservability(drafts: Drafts, cluster: ClusterDraft): ObservabilityPlan | undefined {
  const { config } = drafts;
  if (!gathersMetrics(config) || isExternalControlPlane(cluster)) return undefined;
  const store = storeOf(drafts, cluster.mesh);
  if (store === undefined) return undefined;
  const isHere = store.name === cluster.name;
  return {
    store: store.name,
    grafana: isHere && (config.observability?.grafana ?? false),
    ...(isHere && config.observability?.kiali === true ? { kiali: planKiali(drafts, cluster) } : {}),
  };
}

/** Kiali takes a user's token for one cluster only, and without one it must not be able to change anything. */
function planKiali({ clusters }: Drafts, { mesh }: ClusterDraft): KialiPlan {
  return workloadClusters(clustersOfMesh(clusters, mesh)).length === 1
    ? { login: "token", viewOnly: false }
    : { login: "anonymous", viewOnly: true };
}

/** Each Kiali reads every other cluster of its mesh. */
export function planKialiSecrets(clusters: readonly ClusterPlan[]): KialiSecretPlan[] {
  const homes = clusters.filter(({ observability }) => observability?.kiali !== undefined);
  return homes.flatMap(({ name: to, mesh }) =>
    workloadClusters(clustersOfMesh(clusters, mesh))
      .filter(({ name }) => name !== to)
      .map(({ name: from }) => ({ from, to })),
  );
}
