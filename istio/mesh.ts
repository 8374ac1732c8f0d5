import type { ClusterPlan, LabPlan, MeshPlan } from "../topology/types.ts";

/** The mesh of a cluster. The planner has made sure that it exists. */
export function meshOf(lab: LabPlan, cluster: ClusterPlan): MeshPlan {
  const mesh = lab.meshes.find((candidate) => candidate.name === cluster.mesh);
  if (mesh === undefined)
    throw new Error(`The plan has no mesh "${cluster.mesh}", which cluster "${cluster.name}" names.`);
  return mesh;
}
