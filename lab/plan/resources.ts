/** Questions of the plan about recorded resources: to which cluster one belongs, and what kind it is. */
import type { LabPlan } from "../../topology/types.ts";
import type { ResourceGraph, ResourceNode } from "../recorder/graph.ts";

/** Kinds in the order in which the plan lists them; the first whose pattern matches the type token counts. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ["AWS network", /^aws:(ec2|vpc)\//],
  ["AWS identity and access", /^aws:(iam\/|eks\/(access|podIdentity))/],
  ["EKS clusters, nodes, add-ons", /^(eks:|aws:eks\/)/],
  ["other AWS resources", /^aws:/],
  ["keys and certificates", /^tls:/],
  ["names and passwords", /^random:/],
  ["Helm releases", /^kubernetes:helm\.sh\//],
  ["Istio objects", /^kubernetes:[^/]*istio\.io\//],
  ["Kubernetes objects", /^kubernetes:/],
  ["others", /./],
];

export interface KindCount {
  readonly kind: string;
  /** By cluster name; the empty name is what belongs to the lab as a whole. */
  readonly byCluster: ReadonlyMap<string, number>;
  readonly total: number;
}

/** Everything that AWS, Kubernetes or a file of keys will hold: not the stack, not providers, not our components. */
function realResources(graph: ResourceGraph): readonly ResourceNode[] {
  return graph.nodes.filter((node) => (node.custom || node.remote) && !isProvider(node));
}

function isProvider(node: ResourceNode): boolean {
  return node.type.startsWith("pulumi:providers:");
}

/** How many resources of each kind there are, by cluster; kinds that do not occur are left out. */
export function countByKind(graph: ResourceGraph, lab: LabPlan): KindCount[] {
  const counted = realResources(graph).map((node) => ({
    kind: kindOf(node),
    cluster: clusterOf(graph, lab, node) ?? "",
  }));
  return kinds.flatMap(([kind]) => {
    const of = counted.filter((each) => each.kind === kind);
    if (of.length === 0) return [];
    const groups = Map.groupBy(of, (each) => each.cluster);
    return [{ kind, byCluster: new Map([...groups].map(([name, each]) => [name, each.length])), total: of.length }];
  });
}

function kindOf(node: ResourceNode): string {
  return kinds.find(([, pattern]) => pattern.test(node.type))?.[0] ?? "others";
}

/**
 * The cluster in which a resource will stand: for a Kubernetes object the one whose API its provider talks to, which
 * for a remote secret is the one that holds it; else the one whose component it is below. Undefined for what belongs
 * to the lab as a whole.
 */
export function clusterOf(graph: ResourceGraph, lab: LabPlan, node: ResourceNode): string | undefined {
  const provider = node.type.startsWith("kubernetes:") ? node.provider : undefined;
  const start = provider === undefined ? node : (graph.find(provider) ?? node);
  const names = new Map(lab.clusters.map((cluster) => [cluster.name, cluster.name]));
  const lineage = [start, ...graph.ancestorsOf(start)];
  const bare = (name: string): string => name.replace(/^lab-/, "").replace(/-network$/, "");
  const [found] = lineage.flatMap((each) => names.get(each.name) ?? names.get(bare(each.name)) ?? []);
  return found;
}
