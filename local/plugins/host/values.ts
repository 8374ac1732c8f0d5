import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** A resource's properties as plain JavaScript: null, booleans, numbers, strings, arrays and objects. */
export type Properties = Record<string, unknown>;

/**
 * What stands for a value that is not known yet, at any depth of a property. Only a preview has such values.
 * (`UnknownStringValue` of the engine's sdk/go/common/resource/plugin/rpc.go; every type of value has one constant,
 * and this is the one that the SDKs send.)
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A value that the engine has to encrypt in its state and hide in its output. */
class Secret {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Marks a value of a provider's outputs as secret. */
export function secret(value: unknown): unknown {
  return new Secret(value);
}

/** Whether the value is unknown or contains, at any depth, something that is. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isObject(value)) return Object.values(value).some(containsUnknown);
  return false;
}

/** Whether the value is an object with properties, not an array or null. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value was marked as secret. */
export function isSecret(value: unknown): boolean {
  return value instanceof Secret;
}

/** Reads a message's properties without secret marks; see markedLike(), which restores them. */
export function decode(struct: Struct | undefined): Properties {
  return struct ? (unmarked(struct.toJavaScript(), (value) => value) as Properties) : {};
}

/** Reads a message's properties with secrets as secret() gives them, to know where they are. */
export function secretMarks(struct: Struct | undefined): Properties {
  return struct ? (unmarked(struct.toJavaScript(), secret) as Properties) : {};
}

/** Takes apart the wire's secrets, at any depth. */
function unmarked(value: unknown, wrap: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => unmarked(item, wrap));
  if (!isObject(value)) return value;
  if (value[signatureKey] === secretSignature) return wrap(unmarked(value["value"], wrap));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmarked(item, wrap)]));
}

/** Writes a message's properties; `undefined` is left out and secrets are marked. */
export function encode(properties: Properties): Struct {
  return structProto.Struct.fromJavaScript(wire(properties) as Parameters<typeof structProto.Struct.fromJavaScript>[0]);
}

function wire(value: unknown): unknown {
  if (value instanceof Secret) return { [signatureKey]: secretSignature, value: wire(value.value) ?? null };
  if (Array.isArray(value)) return value.map((item) => wire(item) ?? null);
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(pairs.map(([key, item]) => [key, wire(item)]));
}

/** Whether two values are equal; order matters in arrays and not in objects, and `undefined` equals absence. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => deepEqual(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => deepEqual(left[key], right[key]));
}
