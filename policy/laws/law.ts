/**
 * Laws that hold for the resource graph of every lab. A law looks at a graph and returns its objections, so that one
 * text serves every stack; each has a case in `laws.test.ts` that it must catch.
 */
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";

/** Objections in full sentences that name the resource; none when the law holds. */
export type Law = (graph: ResourceGraph) => string[];

export const meshClusterType = "istio-lab:mesh:MeshCluster";

export const isKubernetes = ({ type }: ResourceNode): boolean => type.startsWith("kubernetes:");
/** Objects of Istio's API, such as `kubernetes:networking.istio.io/v1:Gateway`. */
export const isIstioObject = ({ type }: ResourceNode): boolean => /^kubernetes:[a-z]+\.istio\.io\//.test(type);
/** Resources of the aws package, and the eks components, which are made of such. */
export const isAws = ({ type }: ResourceNode): boolean => type.startsWith("aws:") || type.startsWith("eks:");

/** Stands beside its cluster, because links between networks come before the clusters in them. */
export const networkType = "istio-lab:aws:Network";

/** The cluster in whose subtree a resource is, or in that of its network; undefined for what clusters share. */
export function clusterOf(graph: ResourceGraph, node: ResourceNode): ResourceNode | undefined {
  const lineage = [node, ...graph.ancestorsOf(node)];
  const network = lineage.find(({ type }) => type === networkType);
  if (network === undefined) return lineage.find(({ type }) => type === meshClusterType);
  return graph.byType(meshClusterType).find(({ name }) => `${name}-network` === network.name);
}

export const releaseType = "kubernetes:helm.sh/v3:Release";

/** The Helm release of a chart in the same cluster. */
export function releaseOf(graph: ResourceGraph, node: ResourceNode, release: string): ResourceNode | undefined {
  const cluster = clusterOf(graph, node);
  return graph
    .byType(releaseType)
    .find((candidate) => candidate.inputs["name"] === release && clusterOf(graph, candidate) === cluster);
}

/** Resources of a type in the same cluster. */
export function inSameCluster(graph: ResourceGraph, node: ResourceNode, type: string): readonly ResourceNode[] {
  const cluster = clusterOf(graph, node);
  return graph.byType(type).filter((candidate) => clusterOf(graph, candidate) === cluster);
}

export function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner !== null && typeof inner === "object" ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}
