/** What policies about Istio read out of a graph. */
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { field, isIstioObject, releaseType } from "./law.ts";
import { list, text } from "./values.ts";

export const bestPractices = "https://istio.io/latest/docs/ops/best-practices/security/";

/** Istio's objects of a kind, such as `Gateway`. */
export const ofKind = (graph: ResourceGraph, kind: string): readonly ResourceNode[] =>
  graph.nodes.filter((node) => isIstioObject(node) && node.type.endsWith(`:${kind}`));

/** The chart of a release, which comes by its name, from a registry or out of a folder. */
export const chartOf = ({ inputs }: ResourceNode): string => text(inputs["chart"]).replace(/^.*\//, "");

/** Control planes. */
export const istiods = (graph: ResourceGraph): readonly ResourceNode[] =>
  graph.byType(releaseType).filter((release) => chartOf(release) === "istiod" && !servesFromElsewhere(release));

/** In a remote the same chart brings the way to another cluster's istiod. */
const servesFromElsewhere = (release: ResourceNode): boolean =>
  value(release, "profile") === "remote" || value(release, "istiodRemote", "enabled") === true;

/** A Helm value of a release. */
export const value = ({ inputs }: ResourceNode, ...path: string[]): unknown => field(inputs, "values", ...path);
export const metadata = ({ inputs }: ResourceNode, key: string): unknown => field(inputs, "metadata", key);

/** What an AuthorizationPolicy does, which is to allow where it does not say. */
export const action = ({ inputs }: ResourceNode): unknown => field(inputs, "spec", "action") ?? "ALLOW";
export const rules = ({ inputs }: ResourceNode): readonly unknown[] => list(field(inputs, "spec", "rules"));

/** An AuthorizationPolicy for all workloads of its namespace that allows nothing, so what no other one allows is denied. */
export const deniesByDefault = (node: ResourceNode): boolean =>
  action(node) === "ALLOW" &&
  rules(node).length === 0 &&
  ["selector", "targetRef", "targetRefs"].every((key) => field(node.inputs, "spec", key) === undefined);

/** Every value under a key of that name, wherever it stands. */
export function everywhere(object: unknown, key: string): readonly unknown[] {
  if (object === null || typeof object !== "object") return [];
  return Object.entries(object as Record<string, unknown>).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...everywhere(inner, key),
  ]);
}
