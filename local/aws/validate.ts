import type { ObjectShape, Shape } from "./schema.ts";

/** A property that will not do: a dotted path and why. */
export interface Failure {
  property: string;
  reason: string;
}

/** How the engine writes a value that is only known after the update (a constant of Pulumi's protocol). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Every unknown, missing or wrongly typed property. Values not known yet are taken as right. */
export function validate(value: unknown, shape: Shape, path = ""): Failure[] {
  if (value === UNKNOWN || shape === "any") return [];
  if (typeof shape === "string") return expectType(value, shape, path);
  if ("anyOf" in shape) return validateAny(value, shape.anyOf, path);
  if ("list" in shape) {
    if (!Array.isArray(value)) return [wrongType(path, "a list", value)];
    return value.flatMap((item, index) => validate(item, shape.list, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [wrongType(path, "an object", value)];
  }
  if ("map" in shape) {
    return Object.entries(value).flatMap(([key, item]) => validate(item, shape.map, `${path}[${JSON.stringify(key)}]`));
  }
  return validateObject(value as Record<string, unknown>, shape, path);
}

function validateObject(value: Record<string, unknown>, shape: ObjectShape, path: string): Failure[] {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const failures: Failure[] = [];
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const property = shape.properties[name];
    if (property) failures.push(...validate(item, property, at(name)));
    else
      failures.push({
        property: at(name),
        reason: `Unsupported argument: an argument named "${name}" is not expected here`,
      });
  }
  for (const name of shape.required) {
    if (value[name] === undefined || value[name] === null) {
      failures.push({ property: at(name), reason: `Missing required argument: the argument "${name}" is required` });
    }
  }
  return failures;
}

function validateAny(value: unknown, shapes: Shape[], path: string): Failure[] {
  const attempts = shapes.map((shape) => validate(value, shape, path));
  return attempts.find((failures) => failures.length === 0) ?? attempts.at(-1) ?? [];
}

function expectType(value: unknown, type: "string" | "number" | "boolean", path: string): Failure[] {
  if (typeof value === type) return [];
  return [wrongType(path, `a ${type}`, value)];
}

function wrongType(property: string, expected: string, value: unknown): Failure {
  return { property, reason: `Incorrect attribute value type: ${expected} is required, got ${JSON.stringify(value)}` };
}
