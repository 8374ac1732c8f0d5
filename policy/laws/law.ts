/**
 * Laws that hold for the resource graph of every lab. A law looks at a graph and returns its objections, so that one
 * text serves every stack; each has a case in `test/laws/twins` that it must catch.
 */
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { text } from "./values.ts";

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

/** The cluster whose istiod serves a cluster: itself, unless it is a remote. */
export function primaryOf(graph: ResourceGraph, cluster: ResourceNode): ResourceNode {
  const { primary } = cluster.outputs;
  return graph.byType(meshClusterType).find(({ name }) => name === primary) ?? cluster;
}

/** Whether objects of Istio's API in a cluster are read by an istiod: in a primary, or in an external one's config cluster. */
export function isConfigured({ outputs }: ResourceNode): boolean {
  const roles = (outputs["roles"] ?? ["primary"]) as readonly string[];
  return roles.includes("primary") || roles.includes("config");
}

/** An istiod for other clusters than its own, or what only such a one needs. */
export const isOfExternalIstiod = (graph: ResourceGraph, node: ResourceNode): boolean =>
  graph.ancestorsOf(node).some(({ type }) => type === "istio-lab:mesh:ExternalControlPlane");

/** A release of chart istiod, which is named after its revision where that has a name. */
export const isIstiod = ({ type, inputs }: ResourceNode): boolean =>
  type === releaseType && /^istiod(-|$)/.test(text(inputs["name"]));

/**
 * The releases of chart istiod that a cluster's proxies and webhooks need: all of its own, and in a remote that of its
 * primary.
 */
export function istiodsOf(graph: ResourceGraph, node: ResourceNode): (ResourceNode | undefined)[] {
  const cluster = clusterOf(graph, node);
  const primary = cluster && primaryOf(graph, cluster);
  const installed = istiodsIn(graph, cluster).filter((release) => !isOfExternalIstiod(graph, release));
  const own = installed.length > 0 ? installed : [undefined];
  if (primary === cluster) return own;
  const serving = istiodsIn(graph, primary);
  return [...own, serving.find((release) => isOfExternalIstiod(graph, release)) ?? serving[0]];
}

function istiodsIn(graph: ResourceGraph, cluster: ResourceNode | undefined): ResourceNode[] {
  return graph.byType(releaseType).filter((release) => isIstiod(release) && clusterOf(graph, release) === cluster);
}

/** Resources of a type in the same cluster. */
export function inSameCluster(graph: ResourceGraph, node: ResourceNode, type: string): readonly ResourceNode[] {
  const cluster = clusterOf(graph, node);
  return graph.byType(type).filter((candidate) => clusterOf(graph, candidate) === cluster);
}

/** The resource that an input of a node comes from. */
export const source = (graph: ResourceGraph, node: ResourceNode, input: string): ResourceNode | undefined =>
  graph.find(node.propertyDeps[input]?.[0] ?? "");

/** Resources of a type that an input of a node comes from. */
export const sources = (graph: ResourceGraph, node: ResourceNode, input: string, type: string): ResourceNode[] =>
  (node.propertyDeps[input] ?? []).flatMap((urn) => graph.find(urn) ?? []).filter((each) => each.type === type);

/** Subnets of a node group that give no public addresses, which is so where they do not say. */
export const privateSubnetsOf = (graph: ResourceGraph, group: ResourceNode): ResourceNode[] =>
  sources(graph, group, "subnetIds", "aws:ec2/subnet:Subnet").filter(
    ({ inputs }) => inputs["mapPublicIpOnLaunch"] !== true,
  );

export function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner !== null && typeof inner === "object" ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}
