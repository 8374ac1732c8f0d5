/** How a user's Helm values win over ours: maps are merged key by key, everything else is replaced, as Helm does. */
import type { HelmValues, Json } from "../topology/types.ts";

export function mergeValues(ours: HelmValues, theirs: HelmValues): HelmValues {
  const merged: Record<string, Json> = { ...ours };
  for (const [key, value] of Object.entries(theirs)) {
    const before = merged[key];
    merged[key] = isMap(before) && isMap(value) ? mergeValues(before, value) : value;
  }
  return merged;
}

function isMap(value: Json | undefined): value is HelmValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
