/** A recorded program with one thing changed in it. */
import { ResourceGraph, type ResourceNode } from "../../lab/recorder/graph.ts";

export type Change = (node: ResourceNode, graph: ResourceGraph) => Partial<ResourceNode>;

export const withInputs =
  (inputs: ResourceNode["inputs"]): Change =>
  (node) => ({ inputs: { ...node.inputs, ...inputs } });

/** The same program with another `node`, and that other node. */
export function changed(
  graph: ResourceGraph,
  node: ResourceNode,
  change: Change,
): { graph: ResourceGraph; node: ResourceNode } {
  const other = { ...node, ...change(node, graph) };
  const nodes = graph.nodes.map((each) => (each === node ? other : each));
  return { graph: new ResourceGraph(nodes, graph.invokes), node: other };
}
