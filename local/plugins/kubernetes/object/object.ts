import { isObject } from "../../host/values.ts";
import type { Properties } from "../../host/values.ts";
import type { Mapping } from "../api/discovery.ts";

/** A Kubernetes object as plain JavaScript. */
export interface KubeObject extends Properties {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

export interface Metadata extends Properties {
  name?: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  managedFields?: ManagedFieldsEntry[];
}

/** Who set which fields (https://kubernetes.io/docs/reference/using-api/server-side-apply/#managedfields). */
export interface ManagedFieldsEntry extends Properties {
  manager?: string;
  operation?: "Apply" | "Update";
  subresource?: string;
  fieldsV1?: Properties;
}

/** A nested value, or undefined when a part of the way is missing. */
export function pluck(object: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

/** A nested number, 0 when it is missing, as Go's clients read it. */
export function pluckNumber(object: unknown, ...path: string[]): number {
  const value = pluck(object, ...path);
  return typeof value === "number" ? value : 0;
}

/** A nested array of objects, empty when it is missing. */
export function pluckList(object: unknown, ...path: string[]): Properties[] {
  const value = pluck(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** An annotation's value. */
export function annotation(object: unknown, name: string): string | undefined {
  const value = pluck(object, "metadata", "annotations", name);
  return typeof value === "string" ? value : undefined;
}

/** `namespace/name`, or the name alone: the resource's id and the name in messages. */
export function qualifiedName(object: unknown): string {
  const name = String(pluck(object, "metadata", "name") ?? "");
  const namespace = pluck(object, "metadata", "namespace");
  return typeof namespace === "string" && namespace ? `${namespace}/${name}` : name;
}

/** Takes an id apart, the reverse of qualifiedName(). */
export function splitId(id: string): { namespace: string | undefined; name: string } {
  const [first = "", second] = id.split("/", 2);
  return second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
}

/** A copy with another namespace, or without one. */
export function withNamespace<T extends Properties>(object: T, namespace: string | undefined): T {
  const { namespace: _dropped, ...metadata } = isObject(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: namespace === undefined ? metadata : { ...metadata, namespace } };
}

/** The object without the namespace that the check assumed, if its kind turned out to have none. */
export function scoped(object: KubeObject, mapping: Mapping): KubeObject {
  return mapping.namespaced ? object : withNamespace(object, undefined);
}
