/** Looks things up in a plan that must be there: a planner that left them out is a defect, not a user's mistake. */
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
