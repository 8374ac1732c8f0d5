/** The lab as an experiment sees it, and whether it has what the experiment needs. */
import { meshOf } from "../../../istio/plan-queries.ts";
import { isPrimary, workloadClusters } from "../../../topology/queries.ts";
import type { ClusterPlan, LabPlan } from "../../../topology/types.ts";
import { UsageError } from "../../plan/usage-error.ts";
import type { Experiment, Scene } from "../experiment.ts";
import { clusterOf, type RunningLab } from "./running-lab.ts";

interface NodeState {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

export interface NodeZone {
  readonly cluster: string;
  readonly node: string;
  readonly zone: string;
}

/** Of the first mesh, clusters with workloads whose endpoints the first of them knows. */
export function stageOf({ plan }: RunningLab) {
  const [first] = workloadClusters(plan.clusters);
  if (first === undefined)
    throw new UsageError("No cluster of this lab runs workloads, so nothing can be asked of it.");
  return workloadClusters(plan.clusters).filter(
    (cluster) => cluster.mesh === first.mesh && knows(plan, first, cluster),
  );
}

/** Clusters that are dedicated to different tenants do not, in one mesh or not. */
const knows = ({ remoteSecrets }: LabPlan, { primary }: ClusterPlan, other: ClusterPlan): boolean =>
  other.primary === primary || remoteSecrets.some(({ from, to }) => from === other.name && to === primary);

export async function nodeZones(lab: RunningLab): Promise<NodeZone[]> {
  const clusters = stageOf(lab).map(async ({ name: cluster }) => {
    const nodes = await clusterOf(lab, cluster).list<NodeState>("v1", "Node");
    return nodes.map(({ metadata }) => ({
      cluster,
      node: metadata.name,
      zone: metadata.labels?.["topology.kubernetes.io/zone"] ?? "",
    }));
  });
  return (await Promise.all(clusters)).flat();
}

/** The zone of a node; empty where it has none. */
export const zoneOf = (nodes: readonly NodeZone[], cluster: string, node: string): string =>
  nodes.find((each) => each.cluster === cluster && each.node === node)?.zone ?? "";

export function sceneOf(lab: RunningLab, nodes: readonly NodeZone[]): Scene {
  const [near, far = near] = stageOf(lab);
  if (near === undefined || far === undefined) throw new Error("stageOf promises a cluster");
  const zones = Object.groupBy(nodes, ({ cluster }) => cluster);
  return {
    lab,
    near,
    far,
    zones: Object.fromEntries(
      Object.entries(zones).map(([cluster, own = []]) => [cluster, [...new Set(own.map(({ zone }) => zone))].sort()]),
    ),
  };
}

/** What the lab lacks for an experiment, and which stack has it; empty where it can run. */
function lacksOf({ needs = {} }: Pick<Experiment, "needs">, { lab, near, far, zones }: Scene): string[] {
  const { clusters = 1, zones: wanted = 1, cut, eastWest, istiod, globalIngress } = needs;
  return [
    ...(meshOf(lab.plan, near).dataPlane === "ambient"
      ? ["sidecars, whose failover is measured: in ambient mode it is a waypoint's, and experiments make none"]
      : []),
    ...(stageOf(lab).length < clusters
      ? [`${clusters} clusters with workloads in one mesh, as \`--stack multi\` has them`]
      : []),
    ...((zones[near.name] ?? []).length < wanted ? [`nodes in ${wanted} zones of ${near.name}`] : []),
    ...(eastWest && lab.plan.eastWestGateways.length === 0
      ? ["clusters on several networks with east-west gateways, as `--stack multi` has them"]
      : []),
    ...(istiod &&
    ![near, far].every((cluster) => isPrimary(cluster) && meshOf(lab.plan, cluster).revisions.length === 1)
      ? ["an istiod in each cluster, without revisions, as `--stack multi` has them"]
      : []),
    ...(globalIngress && lab.plan.globalIngress === undefined
      ? ["one host for several ingress gateways, as `--stack global-ingress` has it"]
      : []),
    ...(cut && lab.platform.cannotCut !== undefined ? [`a network that can be cut: ${lab.platform.cannotCut}`] : []),
  ];
}

/** Why an experiment cannot run, in one sentence. */
export const refusalOf = (experiment: Experiment, scene: Scene): string | undefined => {
  const lacks = lacksOf(experiment, scene);
  if (lacks.length === 0) return undefined;
  return `The experiment ${experiment.name} cannot run on the stack ${scene.lab.stack}. It needs ${lacks.join("; and ")}.`;
};
