import { type Law, meshClusterType, networkType } from "./law.ts";

/** Two resources with one URN: the engine would refuse the second, the recorder keeps both. */
export const urnsAreUnique: Law = (graph) =>
  graph.nodes
    .filter((node, index) => graph.nodes[index + 1]?.urn === node.urn)
    .map(({ urn }) => `${urn} is registered twice.`);

/** Nothing floats: each resource but the lab itself has a component above it. */
export const everyResourceHasAComponent: Law = (graph) =>
  graph.nodes
    .filter(({ type }) => type !== "pulumi:pulumi:Stack" && type !== "istio-lab:lab:Lab")
    .filter(({ parent }) => parent === undefined || graph.find(parent) === graph.stack || graph.get(parent).custom)
    .map(({ urn }) => `${urn} has no component of the lab as its parent.`);

/** A name says where a resource belongs. Clusters are called as Istio calls them, and so is what stands beside them. */
const namedAfterClusters = new Set([meshClusterType, networkType, "istio-lab:aws:NetworkLink"]);

export const namesBeginWithTheParents: Law = (graph) =>
  graph.nodes
    .filter(({ parent, type }) => parent !== undefined && parent !== graph.stack.urn && !namedAfterClusters.has(type))
    .filter(({ name, parent }) => !name.startsWith(graph.get(parent ?? "").name))
    .map(({ urn, name, parent }) => `${urn}: "${name}" does not begin with "${graph.get(parent ?? "").name}".`);

/** A component that never says it is complete leaves its dependents guessing. */
export const componentsAreClosed: Law = (graph) =>
  graph.nodes
    .filter(({ custom, remote, outputsRegistered }) => !custom && !remote && !outputsRegistered)
    .map(({ urn }) => `${urn} never called registerOutputs.`);

const spoiled = /\bundefined\b|\[object |Calling \[toString\]|\bNaN\b/;

/** An output that is not there, or was put into a text before it was known, leaves these marks. */
export const noInputIsSpoiled: Law = (graph) =>
  graph.nodes
    .filter(({ inputs }) => spoiled.test(JSON.stringify(inputs)))
    .map(
      ({ urn, inputs }) => `${urn} has an input without a value: ${spoiled.exec(JSON.stringify(inputs))?.[0] ?? ""}`,
    );
