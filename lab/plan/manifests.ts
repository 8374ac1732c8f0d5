/**
 * What the lab will put into each cluster, as YAML files: one per Kubernetes object, the values of each Helm release,
 * and per folder a list of the placeholders in it.
 */
import { stringify } from "yaml";
import type { LabPlan } from "../../topology/types.ts";
import type { JsonObject, JsonValue, ResourceGraph, ResourceNode } from "../recorder/graph.ts";
import { maskInputs, type Placeholder } from "./masked.ts";
import { clusterOf } from "./resources.ts";

/** A file to write: its path below the folder of the plan, with forward slashes, and its text. */
export interface PlanFile {
  readonly path: string;
  readonly text: string;
}

const releaseType = "kubernetes:helm.sh/v3:Release";
const configFileType = "kubernetes:yaml/v2:ConfigFile";

interface Draft {
  readonly folder: string;
  readonly name: string;
  readonly content: JsonValue;
  readonly comment: string;
  readonly placeholders: readonly Placeholder[];
}

/** All files below `manifests/` and `values/`. */
export function manifestFiles(graph: ResourceGraph, lab: LabPlan): PlanFile[] {
  const nodes = graph.nodes.filter((node) => node.type.startsWith("kubernetes:") && (node.custom || node.remote));
  const releases = nodes.map((node) => `${clusterOf(graph, lab, node) ?? ""} ${releaseName(node)}`);
  const drafts = nodes.flatMap((node, index) => {
    const isAmbiguous = releases.indexOf(releases[index] ?? "") < index;
    return draft(node, clusterOf(graph, lab, node) ?? "lab", isAmbiguous);
  });
  const folders = Map.groupBy(unique(drafts), (each) => each.folder);
  return [...folders].flatMap(([folder, files]) => [...files.map(render), placeholderList(folder, files)]);
}

function draft(node: ResourceNode, cluster: string, isAmbiguous: boolean): Draft[] {
  const { inputs, placeholders } = maskInputs(node);
  if (node.type === releaseType) return releaseDrafts(node, cluster, isAmbiguous, inputs, placeholders);
  const folder = `manifests/${cluster}`;
  if (node.type === configFileType) {
    const comment = "A file of manifests that `pulumi up` reads and applies; it is not fetched for a plan.";
    return [{ folder, name: `file-${node.name}`, content: inputs, comment, placeholders }];
  }
  const metadata = asObject(inputs["metadata"]);
  const parts = [inputs["kind"], metadata["namespace"], metadata["name"] ?? node.name];
  const name = parts
    .filter((part) => typeof part === "string")
    .join("-")
    .toLowerCase();
  return [{ folder, name, content: inputs, comment: `Pulumi resource ${node.name}`, placeholders }];
}

/** A release is two files: what is installed from where, and the values it is installed with. */
function releaseDrafts(
  node: ResourceNode,
  cluster: string,
  isAmbiguous: boolean,
  inputs: JsonObject,
  placeholders: readonly Placeholder[],
): Draft[] {
  // `compat` is a mark of the SDK's own.
  const { values = {}, compat: _compat, ...reference } = inputs;
  const own = releaseName(node);
  // Two releases of one name stand in two namespaces.
  const release = isAmbiguous && typeof inputs["namespace"] === "string" ? `${inputs["namespace"]}-${own}` : own;
  const ofValues = placeholders.filter(({ path }) => path.startsWith("values."));
  return [
    {
      folder: `manifests/${cluster}`,
      name: `helm-release-${release}`,
      content: { ...reference, values: `../../values/${cluster}/${release}.yaml` },
      comment: "A Helm release, not an object for kubectl: which chart `pulumi up` installs, and with which values.",
      placeholders: placeholders.filter((each) => !ofValues.includes(each)),
    },
    {
      folder: `values/${cluster}`,
      name: release,
      content: values,
      comment: `Values of the Helm release ${release}`,
      placeholders: ofValues.map((each) => ({ ...each, path: each.path.replace(/^values\./, "") })),
    },
  ];
}

function releaseName({ type, inputs, name }: ResourceNode): string {
  return type === releaseType && typeof inputs["name"] === "string" ? inputs["name"] : name;
}

/** Two objects may share kind, namespace and name in different API groups: the second gets a number. */
function unique(drafts: readonly Draft[]): Draft[] {
  const seen = new Map<string, number>();
  return drafts.map((each) => {
    const name = fileName(each.name);
    const key = `${each.folder}/${name}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { ...each, name: count === 1 ? name : `${name}-${count}` };
  });
}

function fileName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9.-]+/g, "-");
}

function render({ folder, name, content, comment }: Draft): PlanFile {
  const yaml = stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
  return { path: `${folder}/${name}.yaml`, text: `# ${comment}\n${yaml}` };
}

function placeholderList(folder: string, files: readonly Draft[]): PlanFile {
  const rows = files.flatMap((file) =>
    file.placeholders.map(
      ({ path, reason, from }) =>
        `| ${file.name}.yaml | \`${path}\` | ${reason} | ${from.length > 0 ? from.join(", ") : "the program"} |`,
    ),
  );
  const text =
    rows.length === 0
      ? ["Every value in this folder is final."]
      : [
          "These values are not in the files of this folder: a secret never is, and some values exist only once",
          "`pulumi up` has made the resource that they come from.",
          "",
          "| file | field | why | comes from |",
          "| --- | --- | --- | --- |",
          ...rows,
        ];
  return { path: `${folder}/PLACEHOLDERS.md`, text: ["# Placeholders", "", ...text, ""].join("\n") };
}

function asObject(value: JsonValue | undefined): JsonObject {
  return value !== undefined && value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}
