import { isBuiltIn } from "../tokens.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { compare, detailedDiff, pathText, prune } from "./diff.ts";
import { forceNewPaths } from "./force-new.ts";
import { isAutonamed } from "./inputs.ts";
import { pluck, withNamespace } from "./object.ts";
import type { DiffRequest, DiffResult } from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";
import type { Change } from "./diff.ts";
import type { Mutability } from "./force-new.ts";
import type { KubeObject } from "./object.ts";

export interface DiffOptions extends Mutability {
  /** Whether the kind's objects live in namespaces. */
  namespaced: boolean;
  defaultNamespace: string;
}

/**
 * Compares the new inputs with the recorded live object, cut down to what the old inputs set: so drift that a refresh
 * recorded is seen, and what controllers added is not. No request is made.
 */
export function diffObject(request: DiffRequest, options: DiffOptions): DiffResult {
  const { live, inputs: oldInputs } = readCheckpoint(request.olds);
  const inputs = canonical(request.news, options) as KubeObject;
  const old = canonical({ apiVersion: inputs.apiVersion, kind: inputs.kind, ...pruned(live, oldInputs) }, options);
  const changes = compare(old, inputs, { builtIn: isBuiltIn(inputs.apiVersion) }).filter(
    (change) => !isIgnored(change, request.ignoreChanges),
  );
  const detailed = detailedDiff(changes, forceNewPaths(inputs, options));
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith("-replace"));
  return {
    changes: changes.length > 0,
    replaces,
    detailed,
    deleteBeforeReplace: replaces.length > 0 && !isAutonamed(inputs) && sameIdentity(old, inputs),
  };
}

function pruned(live: Properties, oldInputs: Properties): Properties {
  return prune(live, oldInputs) as Properties;
}

/** A missing namespace is the default one; kinds without namespaces have none, even if one was assumed. */
function canonical(object: Properties, { namespaced, defaultNamespace }: DiffOptions): Properties {
  const namespace = pluck(object, "metadata", "namespace");
  if (!namespaced) return withNamespace(object, undefined);
  return withNamespace(object, typeof namespace === "string" && namespace ? namespace : defaultNamespace);
}

function isIgnored({ path }: Change, ignoreChanges: string[]): boolean {
  const text = pathText(path);
  return ignoreChanges.some(
    (ignored) => text === ignored || text.startsWith(`${ignored}.`) || text.startsWith(`${ignored}[`),
  );
}

function sameIdentity(old: Properties, inputs: KubeObject): boolean {
  return (
    pluck(old, "metadata", "name") === inputs.metadata.name &&
    pluck(old, "metadata", "namespace") === inputs.metadata.namespace
  );
}
