import { createHash, randomBytes } from "node:crypto";
import { containsUnknown, isObject, secret } from "../../host/values.ts";
import { annotation, pluck } from "./object.ts";
import type { Properties } from "../../host/values.ts";
import type { Kind } from "../tokens.ts";
import type { KubeObject } from "./object.ts";

/** Says that the provider chose the object's name, so that a replacement may have another one. */
const autonamedAnnotation = "pulumi.com/autonamed";

/**
 * Properties of a CustomResourceDefinition that the SDKs spell with underscores
 * (mapReplUnderscoreToDash of pulumi-kubernetes, provider/pkg/provider/provider.go).
 */
const dashed = new Set([
  "x_kubernetes_embedded_resource",
  "x_kubernetes_int_or_string",
  "x_kubernetes_list_map_keys",
  "x_kubernetes_list_type",
  "x_kubernetes_map_type",
  "x_kubernetes_preserve_unknown_fields",
  "x_kubernetes_validations",
]);

/** What a server sets and a program must not. */
const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

export interface CheckOptions {
  kind: Kind;
  /** The resource's logical name. */
  name: string;
  randomSeed: string;
  /** The previous checked inputs; empty for a new resource. */
  olds: Properties;
  /** The namespace to fill in, undefined when the kind has none. */
  defaultNamespace: string | undefined;
}

/** Fills in what the program left out: apiVersion and kind, a name, the namespace, base64 for a Secret's stringData. */
export function checkInputs(news: Properties, options: CheckOptions): KubeObject {
  const inputs = withoutReadOnly(tidy(news) as Properties, options.kind);
  nameObject(inputs, options);
  if (options.defaultNamespace !== undefined && !inputs.metadata.namespace) {
    inputs.metadata.namespace = options.defaultNamespace;
  }
  return isSecretKind(inputs) ? checkSecret(inputs) : inputs;
}

/** Whether the provider chose the object's name. */
export function isAutonamed(object: unknown): boolean {
  return annotation(object, autonamedAnnotation) === "true";
}

/** Whether the object is a core/v1 Secret, whose data must not be seen. */
export function isSecretKind(object: Properties): boolean {
  return object["apiVersion"] === "v1" && object["kind"] === "Secret";
}

/** Marks a Secret's data as secret; another object stays as it is. */
export function markSecretData<T extends Properties>(object: T): T {
  if (!isSecretKind(object)) return object;
  const marked: Properties = { ...object };
  for (const key of ["data", "stringData"]) if (marked[key] !== undefined) marked[key] = secret(marked[key]);
  return marked as T;
}

function withoutReadOnly(inputs: Properties, kind: Kind): KubeObject {
  const metadata: Properties = { ...(isObject(inputs["metadata"]) ? inputs["metadata"] : {}) };
  for (const key of readOnlyMetadata) delete metadata[key];
  const apiVersion = String(inputs["apiVersion"] ?? kind.apiVersion).replace(/^core\//, "");
  return { ...inputs, apiVersion, kind: kind.kind, metadata };
}

function nameObject(inputs: KubeObject, { olds, name, randomSeed }: CheckOptions): void {
  const { metadata } = inputs;
  if (metadata.name || metadata.generateName) return;
  const oldName = pluck(olds, "metadata", "name");
  const kept = isAutonamed(olds) && typeof oldName === "string" ? oldName : undefined;
  metadata.name = kept ?? autoname(name, randomSeed);
  metadata.annotations = { ...metadata.annotations, [autonamedAnnotation]: "true" };
}

/** `<name>-<8 hex digits>`. */
export function autoname(name: string, randomSeed: string): string {
  const bytes = randomSeed ? createHash("sha256").update(`${randomSeed}/${name}`).digest() : randomBytes(4);
  return `${name}-${bytes.subarray(0, 4).toString("hex")}`;
}

/** Known stringData becomes base64 data, so that the inputs can be compared with what the server holds. */
function checkSecret(inputs: KubeObject): KubeObject {
  const { stringData, ...rest } = inputs;
  if (!isObject(stringData) || containsUnknown(stringData) || containsUnknown(rest["data"])) return inputs;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  const data = isObject(rest["data"]) ? rest["data"] : {};
  return { ...rest, data: { ...data, ...(Object.fromEntries(encoded) as Properties) } };
}

/** Leaves out null, which says "not set", and spells x-kubernetes-... as the API server does. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(pairs.map(([key, item]) => [dashed.has(key) ? key.replaceAll("_", "-") : key, tidy(item)]));
}
