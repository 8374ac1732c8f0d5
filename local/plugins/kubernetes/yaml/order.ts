import { pluck } from "../object/object.ts";
import { groupOf } from "../tokens.ts";
import type { KubeObject } from "../object/object.ts";

const dependsOnAnnotation = "config.kubernetes.io/depends-on";

/** An object and the objects of the same set that must exist before it. */
export interface Ordered {
  object: KubeObject;
  dependsOn: KubeObject[];
}

/**
 * Orders objects: definitions before their custom resources, namespaces before what is in them, and what the annotation
 * `config.kubernetes.io/depends-on` names first (sigs.k8s.io/cli-utils/pkg/object/graph, which the real provider uses).
 *
 * @throws Error for a circle and for an annotation that names no object of the set
 */
export function order(objects: KubeObject[]): Ordered[] {
  const remaining = objects.map((object) => ({ object, dependsOn: dependencies(object, objects) }));
  const done = new Set<KubeObject>();
  const sorted: Ordered[] = [];
  while (remaining.length > 0) {
    const free = remaining.filter(({ dependsOn }) => dependsOn.every((object) => done.has(object)));
    if (free.length === 0)
      throw new Error(
        `objects depend on each other in a circle: ${remaining.map(({ object }) => reference(object)).join(", ")}`,
      );
    sorted.push(...free);
    for (const { object } of free) done.add(object);
    remaining.splice(0, remaining.length, ...remaining.filter((entry) => !free.includes(entry)));
  }
  return sorted;
}

function dependencies(object: KubeObject, all: KubeObject[]): KubeObject[] {
  const others = all.filter((other) => other !== object);
  const implied = others.filter((other) => defines(other, object) || isNamespaceOf(other, object));
  const wanted = object.metadata.annotations?.[dependsOnAnnotation]?.split(",").map((text) => text.trim()) ?? [];
  const explicit = wanted.map((text) => {
    const found = others.find((other) => reference(other) === text);
    if (!found) throw new Error(`${reference(object)}: ${dependsOnAnnotation} names ${text}, which is not in the set`);
    return found;
  });
  return [...new Set([...implied, ...explicit])];
}

/** Whether an object is the CustomResourceDefinition of another. */
export function defines(definition: KubeObject, object: KubeObject): boolean {
  return (
    definition.kind === "CustomResourceDefinition" &&
    pluck(definition, "spec", "group") === groupOf(object.apiVersion) &&
    pluck(definition, "spec", "names", "kind") === object.kind
  );
}

function isNamespaceOf(namespace: KubeObject, object: KubeObject): boolean {
  return (
    namespace.kind === "Namespace" &&
    namespace.apiVersion === "v1" &&
    namespace.metadata.name === object.metadata.namespace
  );
}

/** `<group>/namespaces/<namespace>/<kind>/<name>`, or without the namespace. */
function reference({ apiVersion, kind, metadata }: KubeObject): string {
  const scope = metadata.namespace ? `namespaces/${metadata.namespace}/` : "";
  return `${groupOf(apiVersion)}/${scope}${kind}/${metadata.name ?? ""}`;
}
