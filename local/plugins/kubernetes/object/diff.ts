import { isObject } from "../../host/values.ts";
import { equalQuantities, isQuantityPath } from "./quantity.ts";
import type { DiffKind } from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";

export type Path = (string | number)[];

/** One difference between what is and what shall be. */
export interface Change {
  path: Path;
  kind: "add" | "delete" | "update";
}

export interface CompareOptions {
  /** A built-in kind: its server drops empty fields and rewrites quantities. */
  builtIn: boolean;
}

/**
 * The live object cut down to the fields that the inputs set, so that what the server or a controller added is no
 * difference. Arrays are cut by position, as the real provider does it.
 */
export function prune(live: unknown, inputs: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(inputs)) {
    return live.slice(0, inputs.length).map((item, index) => prune(item, inputs[index]));
  }
  if (!isObject(live) || !isObject(inputs)) return live;
  const kept = Object.keys(inputs).filter((key) => live[key] !== undefined && live[key] !== null);
  return Object.fromEntries(kept.map((key) => [key, prune(live[key], inputs[key])]));
}

/** Every place where the inputs want something else than the pruned live object has. */
export function compare(live: unknown, inputs: unknown, options: CompareOptions, path: Path = []): Change[] {
  if (Array.isArray(live) && Array.isArray(inputs)) return compareArrays(live, inputs, options, path);
  if (isObject(live) && isObject(inputs)) return compareObjects(live, inputs, options, path);
  const same = live === inputs || (options.builtIn && isQuantityPath(path) && equalQuantities(live, inputs));
  return same ? [] : [{ path, kind: "update" }];
}

/** The inputs to record after a read: the program's spelling where it means the same, else what the server has. */
export function reconcile(live: unknown, inputs: unknown, options: CompareOptions, path: Path = []): unknown {
  if (isObject(live) && isObject(inputs)) {
    const keys = Object.keys(inputs).filter((key) => isPresent(live[key]) || isBlank(inputs[key], options));
    return Object.fromEntries(
      keys.map((key) => [
        key,
        isPresent(live[key]) ? reconcile(live[key], inputs[key], options, [...path, key]) : inputs[key],
      ]),
    );
  }
  if (Array.isArray(live) && Array.isArray(inputs)) {
    const kept = live.slice(0, inputs.length);
    return kept.map((item, index) => reconcile(item, inputs[index], options, [...path, index]));
  }
  return compare(live, inputs, options, path).length === 0 ? inputs : live;
}

/** Whether the change is at, below or above one of the paths. */
export function touches(path: Path, patterns: string[][]): boolean {
  return patterns.some((pattern) => {
    const shared = Math.min(path.length, pattern.length);
    return pattern.slice(0, shared).every((part, index) => part === "*" || part === String(path[index]));
  });
}

/** Changes as the engine wants them: `spec.ports[0].port`, `metadata.labels["a.b/c"]`. */
export function detailedDiff(changes: Change[], forceNew: string[][]): Record<string, DiffKind> {
  return Object.fromEntries(
    changes.map(({ path, kind }) => [pathText(path), touches(path, forceNew) ? (`${kind}-replace` as const) : kind]),
  );
}

/** A property path in the engine's notation. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[\w$-]+$/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text ? `${text}.${part}` : part;
  }, "");
}

function compareObjects(live: Properties, inputs: Properties, options: CompareOptions, path: Path): Change[] {
  const keys = new Set([...Object.keys(live), ...Object.keys(inputs)]);
  return [...keys].flatMap((key): Change[] => {
    const here = [...path, key];
    if (!isPresent(inputs[key])) return isPresent(live[key]) ? [{ path: here, kind: "delete" }] : [];
    if (isPresent(live[key])) return compare(live[key], inputs[key], options, here);
    return isBlank(inputs[key], options) ? [] : [{ path: here, kind: "add" }];
  });
}

function compareArrays(live: unknown[], inputs: unknown[], options: CompareOptions, path: Path): Change[] {
  const length = Math.max(live.length, inputs.length);
  return Array.from({ length }, (_, index) => index).flatMap((index): Change[] => {
    const here = [...path, index];
    if (index >= inputs.length) return [{ path: here, kind: "delete" }];
    if (index >= live.length) return [{ path: here, kind: "add" }];
    return compare(live[index], inputs[index], options, here);
  });
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Values that the JSON of a built-in kind leaves out (Go's `omitempty`), so that they equal absence. */
function isBlank(value: unknown, { builtIn }: CompareOptions): boolean {
  if (!builtIn) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every((item) => !isPresent(item) || isBlank(item, { builtIn }));
  return value === "" || value === false || value === 0;
}
