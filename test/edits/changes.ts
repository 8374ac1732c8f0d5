/** What `pulumi up` would do to a running lab after its stack file was edited: two recorded graphs, compared. */
import { isDeepStrictEqual } from "node:util";
import type { JsonValue, ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { releaseType } from "../../policy/laws/law.ts";
import {
  changedInPlace,
  componentsReplaceOn,
  inPlace,
  kubernetesIdentity,
  kubernetesReplaceOn,
  providersReplaceOn,
  releaseIdentity,
  replaceOn,
} from "./replace-on.ts";

/** URNs, sorted. What is made anew stands under `replaced` alone. */
export interface Changes {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly replaced: readonly string[];
  readonly deleted: readonly string[];
}

/** Compares by URN. Our own components have no state beyond their children, so they do not count. */
export function changesBetween(before: ResourceGraph, after: ResourceGraph): Changes {
  const counted = (graph: ResourceGraph): readonly ResourceNode[] =>
    graph.nodes.filter(({ custom, remote }) => custom || remote);
  const fates = new Map<string, Fate>();
  const fateOf = (node: ResourceNode): Fate => {
    const known = fates.get(node.urn);
    if (known !== undefined) return known;
    const old = before.find(node.urn);
    const fate = old === undefined ? "created" : compared(old, node, sourceOf);
    fates.set(node.urn, fate);
    return fate;
  };
  const sourceOf = (urn: string): { type: string; fate: Fate } => {
    const source = after.get(urn);
    return { type: source.type, fate: source.custom || source.remote ? fateOf(source) : "same" };
  };
  const having = (fate: Fate): string[] =>
    counted(after)
      .filter((node) => fateOf(node) === fate)
      .map(({ urn }) => urn);
  const deleted = counted(before).filter(({ urn }) => after.find(urn) === undefined);
  return {
    created: having("created"),
    updated: having("updated"),
    replaced: having("replaced"),
    deleted: deleted.map(({ urn }) => urn),
  };
}

type Fate = "created" | "updated" | "replaced" | "same";

/**
 * What comes from a resource that is made anew counts as changed, although the recorder's inventions stay the same; so
 * does what comes from one whose outputs an update changes.
 */
function compared(old: ResourceNode, node: ResourceNode, of: (urn: string) => { type: string; fate: Fate }): Fate {
  const comesFrom = (test: (source: { type: string; fate: Fate }) => boolean): string[] =>
    Object.entries(node.propertyDeps)
      .filter(([, urns]) => urns.some((urn) => test(of(urn))))
      .map(([property]) => property);
  /** A whole resource as an input is recorded as its URN, and is no dependency of the property. */
  const handed = Object.keys(node.inputs).filter((property) => {
    const value = node.inputs[property];
    return typeof value === "string" && value.startsWith("urn:pulumi:") && of(value).fate === "replaced";
  });
  const anew = [...comesFrom(({ fate }) => fate === "replaced"), ...handed];
  const moved = comesFrom(({ type, fate }) => fate === "updated" && changedInPlace.has(type));
  const heeded = (path: string): boolean => !(node.options.ignoreChanges ?? []).some((each) => touches(path, each));

  const changed = [...changedPaths(old.inputs, node.inputs, ""), ...anew].filter(heeded);
  const providers = [node.provider, ...Object.values(node.providers)].filter((urn) => urn !== undefined);
  const otherProvider = providers.some((urn) => of(urn).fate === "replaced") || old.provider !== node.provider;
  if (otherProvider || changed.some((path) => isReplacing(node.type, path))) return "replaced";
  return changed.length > 0 || moved.some(heeded) ? "updated" : "same";
}

/** Dotted paths at which the values differ; a list is one value. */
function changedPaths(old: JsonValue | undefined, value: JsonValue | undefined, path: string): string[] {
  if (!isObject(old) || !isObject(value)) return isDeepStrictEqual(old, value) ? [] : [path];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(value)])];
  return keys.flatMap((key) => changedPaths(old[key], value[key], path === "" ? key : `${path}.${key}`));
}

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** One path is at, above or below the other. */
const touches = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);

function isReplacing(type: string, path: string): boolean {
  const kept = inPlace[type];
  if (kept !== undefined) return !kept.some((each) => touches(path, each));
  const known = replaceOn[type] ?? componentsReplaceOn[type] ?? providersReplaceOn[type] ?? inKubernetes(type);
  if (known === undefined) throw new Error(`Say in test/edits/replace-on.ts what makes ${type} anew.`);
  return known.some((each) => touches(path, each));
}

function inKubernetes(type: string): readonly string[] | undefined {
  if (type === releaseType) return releaseIdentity;
  if (!type.startsWith("kubernetes:")) return undefined;
  return [...kubernetesIdentity, ...(kubernetesReplaceOn[type] ?? [])];
}
