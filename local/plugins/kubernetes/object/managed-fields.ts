import { isObject } from "../../host/values.ts";
import type { Properties } from "../../host/values.ts";
import type { ManagedFieldsEntry } from "./object.ts";

/**
 * Whose fields an update takes over: those of the POST that created the object, and those that kubectl set
 * (fixCSAFieldManagers of pulumi-kubernetes, provider/pkg/await/await.go).
 */
const takenOver: { prefix: string; operation: ManagedFieldsEntry["operation"] }[] = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
  { prefix: "before-first-apply", operation: "Update" },
  { prefix: "pulumi-kubernetes", operation: "Update" },
];

/**
 * The managed fields with the fields of `takenOver` handed to `manager` as one Apply entry, without which server-side
 * apply conflicts with our own POST. Undefined when there is nothing to hand over.
 */
export function handOver(entries: ManagedFieldsEntry[], manager: string): ManagedFieldsEntry[] | undefined {
  const isOurs = (entry: ManagedFieldsEntry) => entry.manager === manager && entry.operation === "Apply";
  const isTaken = (entry: ManagedFieldsEntry) =>
    !entry.subresource &&
    takenOver.some(({ prefix, operation }) => entry.operation === operation && entry.manager?.startsWith(prefix));
  const taken = entries.filter((entry) => !isOurs(entry) && isTaken(entry));
  const first = entries.find(isOurs) ?? taken[0];
  if (taken.length === 0 || !first) return undefined;
  const fieldsV1 = [...entries.filter(isOurs), ...taken].reduce<Properties>(
    (union, entry) => unite(union, entry.fieldsV1 ?? {}),
    {},
  );
  const rest = entries.filter((entry) => !isOurs(entry) && !taken.includes(entry));
  return [...rest, { ...first, manager, operation: "Apply", fieldsV1 }];
}

/**
 * Whether the object still carries our POST's fields. A preview may not hand them over, so it applies with force, as
 * the real provider does it (patchForce of the same file).
 */
export function isNeverUpdated(entries: ManagedFieldsEntry[]): boolean {
  return entries.some(({ manager, operation }) => manager === "pulumi-kubernetes" && operation === "Update");
}

/** Both tries of fields in one. */
function unite(left: Properties, right: Properties): Properties {
  const united: Properties = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = united[key];
    united[key] = isObject(before) && isObject(value) ? unite(before, value) : value;
  }
  return united;
}
