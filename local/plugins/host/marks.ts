import { isObject, isSecret, secret, secretMarks } from "./values.ts";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { InitFailed } from "./provider.ts";
import type { Properties } from "./values.ts";

/**
 * Marks every value as secret that stands where a message has a secret. It is what the engine does for a plugin that
 * accepts no secrets (annotateSecrets, sdk/go/common/resource/plugin/provider_plugin.go of pulumi); but a plugin that
 * constructs components has to accept them, so all do, and the marks are restored here.
 */
export function markedLike(target: Properties, message: Struct | undefined): Properties {
  return mark(target, secretMarks(message)) as Properties;
}

/** Runs an operation; if it fails to initialize a resource, what is recorded of it is marked too. */
export async function markingFailure<T>(message: Struct | undefined, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof InitFailed)) throw error;
    const { id, reasons } = error;
    const properties = markedLike(error.properties, message);
    throw new InitFailed({ id, properties, inputs: markedLike(error.inputs, message) }, reasons);
  }
}

function mark(target: unknown, model: unknown): unknown {
  if (target === undefined || isSecret(target)) return target;
  if (isSecret(model)) return secret(target);
  if (Array.isArray(target))
    return Array.isArray(model) ? target.map((item, index) => mark(item, model[index])) : target;
  if (!isObject(target) || !isObject(model)) return target;
  return Object.fromEntries(Object.entries(target).map(([key, value]) => [key, mark(value, model[key])]));
}
