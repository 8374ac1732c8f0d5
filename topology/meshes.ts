/** What is decided per mesh: trust, data plane, failover, what lies outside. */
import { withDefaults } from "./defaults.ts";
import type { Drafts, MeshDraft } from "./drafts.ts";
import { planFederation } from "./federation.ts";
import { byName, clustersOfMesh, networksOf, workloadClusters } from "./queries.ts";
import type { LabConfig } from "./schema.ts";
import { followedBy, planRevisions } from "./revisions.ts";
import type { FailoverPlan, MeshPlan, ServiceEntryPlan } from "./types.ts";
import { newest } from "./versions.ts";

export function planMesh(drafts: Drafts, mesh: MeshDraft): MeshPlan {
  const { written } = mesh;
  const clusters = clustersOfMesh(drafts.clusters, mesh.name);
  const failover = planFailover(drafts, mesh);
  const revisions = planRevisions(mesh);
  const follows = followedBy(mesh);
  const { base = {}, istiod = {}, gateway = {}, cni = {}, ztunnel = {} } = written.values ?? {};
  return {
    name: mesh.name,
    version: newest(revisions.map(({ version }) => version)),
    revisions,
    ...(follows === undefined ? {} : { follows }),
    dataPlane: mesh.dataPlane,
    profile: written.profile ?? "default",
    trustDomain: mesh.trustDomain,
    mtls: written.mtls ?? "STRICT",
    outboundTrafficPolicy: written.outboundTrafficPolicy ?? "ALLOW_ANY",
    cni: mesh.cni,
    multiNetwork: networksOf(clusters).length > 1,
    clusters: clusters.map((cluster) => cluster.name),
    sharedRoot: clusters.length > 1,
    rootName: mesh.rootName,
    ...(failover === undefined ? {} : { failover }),
    distribute: drafts.config.failover?.distribute ?? [],
    serviceEntries: (drafts.config.serviceEntries ?? []).map(planServiceEntry).sort(byName),
    ...planFederation(drafts, mesh),
    values: { base, istiod, gateway, cni, ztunnel },
  };
}

/**
 * Measured on real clusters: with Istio's documented policy alone and one endpoint per region, failover never happened,
 * because `maxEjectionPercent` is 10 by default and Envoy then ejects nothing. Istio's defaults of 10 s to connect and
 * no limit per try would make a user wait for every dead endpoint.
 */
const failoverDefaults: Omit<FailoverPlan, "regions"> = {
  outlierDetection: {
    consecutive5xxErrors: 1,
    interval: "1s",
    baseEjectionTime: "1m",
    maxEjectionPercent: 100,
    minHealthPercent: 1,
  },
  connectTimeout: "500ms",
  perTryTimeout: "1.5s",
  attempts: 5,
  h2UpgradePolicy: "UPGRADE",
  maxRequestsPerConnection: 100,
  updateMergeWindow: "0s",
};

/** https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/ */
function planFailover(drafts: Drafts, mesh: MeshDraft): FailoverPlan | undefined {
  const { enabled, outlierDetection, regions: written, distribute: _, ...settings } = drafts.config.failover ?? {};
  const clusters = workloadClusters(clustersOfMesh(drafts.clusters, mesh.name));
  if (!(enabled ?? clusters.length > 1)) return undefined;
  const regions = [...new Set(clusters.map((cluster) => cluster.region))].filter((region) => region !== "").sort();
  const everyPair = regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => ({ from, to })));
  return {
    ...withDefaults(failoverDefaults, settings),
    outlierDetection: withDefaults(failoverDefaults.outlierDetection, outlierDetection || undefined),
    regions: written ?? everyPair,
  };
}

function planServiceEntry(entry: NonNullable<LabConfig["serviceEntries"]>[number]): ServiceEntryPlan {
  return {
    name: entry.name,
    hosts: entry.hosts,
    ports: entry.ports,
    location: entry.location ?? "MESH_EXTERNAL",
    resolution: entry.resolution ?? "DNS",
    endpoints: entry.endpoints ?? [],
  };
}
