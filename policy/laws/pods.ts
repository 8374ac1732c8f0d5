/** Pods that the program asks for itself, whatever makes them. Those of charts are in no graph. */
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { field } from "./law.ts";
import { list } from "./values.ts";

export interface Pods {
  readonly node: ResourceNode;
  readonly spec: unknown;
}

const specOf: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Pod": ["spec"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
  ...Object.fromEntries(
    ["apps/v1:Deployment", "apps/v1:DaemonSet", "apps/v1:StatefulSet", "apps/v1:ReplicaSet", "batch/v1:Job"].map(
      (type) => [`kubernetes:${type}`, ["spec", "template", "spec"]],
    ),
  ),
};

export function pods(graph: ResourceGraph): readonly Pods[] {
  return graph.nodes.flatMap((node) => {
    const path = specOf[node.type];
    return path === undefined ? [] : [{ node, spec: field(node.inputs, ...path) }];
  });
}

/** Init containers and debuggers too. */
export function containers({ spec }: Pods): readonly unknown[] {
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((key) => list(field(spec, key)));
}
