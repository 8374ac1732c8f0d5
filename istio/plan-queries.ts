/** Looks things up in a plan that must be there: a planner that left them out is a defect, not a user's mistake. */
import { workloadClusters } from "../topology/queries.ts";
import type { ClusterPlan, GatewayPlan, LabPlan, MeshPlan } from "../topology/types.ts";

/** The mesh of a cluster. The planner has made sure that it exists. */
export function meshOf(lab: LabPlan, cluster: ClusterPlan): MeshPlan {
  const mesh = lab.meshes.find((candidate) => candidate.name === cluster.mesh);
  if (mesh === undefined)
    throw new Error(`The plan has no mesh "${cluster.mesh}", which cluster "${cluster.name}" names.`);
  return mesh;
}

/** The cluster's gateway of a kind, which the caller knows to be there. */
export function gatewayOf(cluster: ClusterPlan, kind: GatewayPlan["kind"]): GatewayPlan {
  const gateway = cluster.gateways.find((candidate) => candidate.kind === kind);
  if (gateway === undefined) throw new Error(`Cluster "${cluster.name}" has no ${kind} gateway in the plan.`);
  return gateway;
}

/** The cluster whose istiod serves this one; itself for a primary. */
export function primaryOf(lab: LabPlan, cluster: ClusterPlan): ClusterPlan {
  const primary = lab.clusters.find(({ name }) => name === cluster.primary);
  if (primary === undefined)
    throw new Error(`The plan has no cluster "${cluster.primary}", the primary of "${cluster.name}".`);
  return primary;
}

/** The name that the istiod of a primary goes by: an external one that of its config cluster, as which it was started. */
export function istiodClusterId(primary: ClusterPlan): string {
  return primary.config;
}

/** Clusters with workloads that the Istio objects of this cluster hold for: none where no istiod reads them. */
export function configuredBy(lab: LabPlan, { name }: ClusterPlan): ClusterPlan[] {
  return workloadClusters(lab.clusters).filter(({ config }) => config === name);
}

/** A gateway that the Istio objects of this cluster select, which may stand in a remote only. */
export function configuredGateway(
  lab: LabPlan,
  cluster: ClusterPlan,
  kind: GatewayPlan["kind"],
): GatewayPlan | undefined {
  return configuredBy(lab, cluster)
    .flatMap(({ gateways }) => gateways)
    .find((gateway) => gateway.kind === kind);
}

/** Whether a gateway listens on a port. */
export function opens(gateway: GatewayPlan, port: number): boolean {
  return gateway.ports.some((each) => each.port === port);
}
