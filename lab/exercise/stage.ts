/** The lab as an exercise sees it, and whether it has what the exercise needs. */
import { meshOf } from "../../istio/plan-queries.ts";
import { areStrangers, isExternalControlPlane, isRemote, workloadClusters } from "../../topology/queries.ts";
import type { ClusterPlan, LabPlan } from "../../topology/types.ts";
import { UsageError } from "../plan/usage-error.ts";
import type { Exercise, Needs, Stage } from "./exercise.ts";

/** @throws UsageError where no cluster has workloads and its own objects */
export function stageOf(lab: LabPlan): Stage {
  const clusters = workloadClusters(lab.clusters);
  const near = clusters.find(({ name, config }) => config === name);
  if (near === undefined)
    throw new UsageError(
      "No cluster of this lab runs workloads and holds their configuration, so no exercise can run.",
    );
  const others = clusters.filter(({ name }) => name !== near.name);
  return { lab, near, far: others.find(({ mesh }) => mesh === near.mesh) ?? others[0] ?? near };
}

/** Why an exercise cannot run on a stack, in one sentence; undefined where it can. */
export function refusalOf(exercise: Exercise, stack: string, stage: Stage): string | undefined {
  const lacks = lacksOf(exercise.needs, stage);
  if (lacks.length === 0) return undefined;
  return (
    `The exercise ${exercise.name} cannot run on the stack ${stack}. It needs ${lacks.join("; and ")}. ` +
    `The stack ${exercise.stack} has that.`
  );
}

function lacksOf(needs: Needs, { lab, near, far }: Stage): string[] {
  const strangers = near.mesh === far.mesh && areStrangers(near, far);
  const demands: [needed: unknown, met: boolean, what: string][] = [
    [true, meshOf(lab, near).dataPlane === "sidecar", "a mesh with sidecars"],
    [
      needs.clusters,
      near.name !== far.name && near.mesh === far.mesh && !strangers,
      "two clusters with workloads in one mesh that call each other",
    ],
    [
      needs.meshes,
      near.mesh !== far.mesh && lab.meshes.some(offers),
      "two meshes of which one offers the other a service",
    ],
    [needs.strangers, strangers, "clusters that are dedicated to tenants"],
    [needs.ingress, has(near, "ingress"), "an ingress gateway"],
    [needs.egress, has(near, "egress"), "an egress gateway"],
    [needs.highlyAvailable, near.controlPlane?.ha === true, "more than one istiod (`controlPlane.ha`)"],
    [needs.revisions, meshOf(lab, near).revisions.length > 1, "two control planes in one cluster (`mesh.revisions`)"],
    [needs.remote, near.name !== far.name && isRemote(far) && far.config === near.name, "a remote cluster"],
    [needs.sharedRoot, meshOf(lab, near).sharedRoot, "a root that the lab gave to every cluster"],
    [needs.externalControlPlane, lab.clusters.some(isExternalControlPlane), "an external control plane"],
  ];
  return demands.filter(([needed, met]) => needed !== undefined && !met).map(([, , what]) => what);
}

const offers = ({ exports }: LabPlan["meshes"][number]): boolean => exports.length > 0;

const has = ({ gateways }: ClusterPlan, kind: string): boolean => gateways.some((gateway) => gateway.kind === kind);
