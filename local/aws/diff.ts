import { isDeepStrictEqual } from "node:util";
import { sameDocument } from "./iam.ts";
import type { AnyResourceType, Props } from "./resource.ts";
import { UNKNOWN } from "./validate.ts";

export interface Change {
  /** In Pulumi's property path syntax, such as vpcConfig.publicAccessCidrs or tags["a.b/c"]. */
  path: string;
  kind: "add" | "delete" | "update";
  replace: boolean;
}

/** Lists whose order means something; all others are sets to AWS. */
const ORDERED = ["instanceTypes"];

/** Which inputs changed, and which of the changes need a new resource. */
export function changesBetween(type: AnyResourceType, olds: Props, news: Props): Change[] {
  const changes: Change[] = [];
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  names.delete("__defaults");
  for (const name of names) {
    if (news[name] === undefined && type.computed?.includes(name)) continue;
    if (type.documents?.includes(name) && sameDocument(olds[name], news[name])) continue;
    compare(olds[name], news[name], [name], changes);
  }
  return changes.map((change) => ({ ...change, replace: needsReplacement(type, change.path) }));
}

/** Whether something of an input is only known later. */
function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

function needsReplacement(type: AnyResourceType, path: string): boolean {
  return type.replaceOn.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
}

function compare(before: unknown, after: unknown, path: string[], changes: Omit<Change, "replace">[]): void {
  const objects = [before, after].every((value) => value === undefined || isObject(value));
  if (objects && (isObject(before) || isObject(after))) {
    const old = (before ?? {}) as Props;
    const young = (after ?? {}) as Props;
    for (const name of new Set([...Object.keys(old), ...Object.keys(young)])) {
      if (name !== "__defaults") compare(old[name], young[name], [...path, name], changes);
    }
    return;
  }
  const ordered = ORDERED.includes(path.at(-1) ?? "");
  if (!hasUnknown(after) && isDeepStrictEqual(canonical(before, ordered), canonical(after, ordered))) return;
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  changes.push({ path: formatPath(path), kind });
}

/** Lists in a fixed order, empty ones like absent ones. */
function canonical(value: unknown, ordered: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, ordered));
    if (items.length === 0) return undefined;
    return ordered ? items : items.map((item) => JSON.stringify(item)).sort();
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, canonical(item, ordered)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function formatPath([first = "", ...rest]: string[]): string {
  return rest.reduce((path, name) => path + (/^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`), first);
}
