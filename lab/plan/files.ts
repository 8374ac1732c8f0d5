/** The files of a plan, and the folder they go to. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { LabPlan } from "../../topology/types.ts";
import type { ResourceGraph } from "../recorder/graph.ts";
import { type PlanFile, manifestFiles } from "./manifests.ts";
import { topologyMarkdown } from "./markdown.ts";
import { maskInputs } from "./masked.ts";
import { drawTopology } from "./picture/layout.ts";
import { renderSvg } from "./picture/svg.ts";
import type { WrittenFiles } from "./report.ts";
import { UsageError } from "./usage-error.ts";
import { plural } from "./words.ts";

const graphFile = "graph.json";

/** Everything that a plan writes, as text. */
export function planFiles(stack: string, lab: LabPlan, graph: ResourceGraph): PlanFile[] {
  return [
    { path: "topology.svg", text: renderSvg(drawTopology(lab, stack)) },
    { path: "topology.md", text: topologyMarkdown(lab, stack) },
    { path: graphFile, text: graphText(stack, graph) },
    ...manifestFiles(graph, lab),
  ];
}

/**
 * Writes the files of a plan; what an earlier plan wrote to the same folder is replaced.
 * @returns what to tell the user
 */
export function writePlanFiles(folder: string, files: readonly PlanFile[]): WrittenFiles[] {
  try {
    // Only where an earlier plan was: the folder may hold other things of the user's.
    if (existsSync(join(folder, graphFile))) {
      for (const name of ["manifests", "values"]) rmSync(join(folder, name), { recursive: true, force: true });
    }
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  } catch (error) {
    throw new UsageError(`Cannot write the plan's files to ${folder}: ${(error as Error).message}.`);
  }
  return summary(folder, files);
}

function summary(folder: string, files: readonly PlanFile[]): WrittenFiles[] {
  const here = relative(process.cwd(), folder);
  const at = (path: string): string => join(here.startsWith("..") ? folder : here, path);
  const count = (prefix: string): number => files.filter((file) => isYamlBelow(file.path, prefix)).length;
  return [
    { path: at("topology.svg"), what: "the picture: open it in a browser" },
    { path: at("topology.md"), what: "the same as Mermaid and tables" },
    { path: at(graphFile), what: "every resource with inputs, parents, dependencies" },
    { path: at("manifests"), what: `${plural(count("manifests/"), "manifest")}, a folder per cluster` },
    { path: at("values"), what: `the values of ${plural(count("values/"), "Helm release")}, a folder per cluster` },
  ];
}

function isYamlBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && path.endsWith(".yaml");
}

function graphText(stack: string, graph: ResourceGraph): string {
  const resources = graph.nodes.map((node) => ({
    urn: node.urn,
    type: node.type,
    name: node.name,
    parent: node.parent ?? null,
    provider: node.provider ?? null,
    dependsOn: node.dependsOn,
    propertyDependencies: node.propertyDeps,
    options: node.options,
    ...maskInputs(node),
  }));
  return `${JSON.stringify({ stack, resources }, null, 2)}\n`;
}
