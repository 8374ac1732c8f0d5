import type { AnyResourceType, Props, Resource } from "./resource.ts";
import type { Schema } from "./schema.ts";
import { UNKNOWN } from "./validate.ts";

/** What the resource class exposes of a resource. */
export function outputsOf(type: AnyResourceType, schema: Schema, { state, id }: Resource): Props {
  const shown = schema.outputs.filter((name) => state[name] !== undefined && !type.setByOthers?.includes(name));
  return structuredClone({ id, ...Object.fromEntries(shown.map((name) => [name, state[name]])) });
}

/**
 * Outputs as a preview shows them: inputs are known, what AWS fills in is not. `before` are the outputs of an existing
 * resource, which stay known unless the update may change them.
 */
export function previewOf(type: AnyResourceType, schema: Schema, inputs: Props, before?: Props): Props {
  const { __defaults: _marks, ...known } = structuredClone(inputs);
  if (before) {
    const unsure = (type.changedByUpdate ?? []).filter((name) => before[name] !== undefined);
    return {
      ...before,
      ...known,
      ...Object.fromEntries(unsure.map((name) => [name, UNKNOWN])),
      ...within(type, known, before),
    };
  }
  const outputs: Props = { ...known, ...within(type, known) };
  for (const name of schema.outputs) {
    const filledIn = !(name in schema.inputs.properties) || type.computed?.includes(name);
    if (outputs[name] === undefined && filledIn) outputs[name] = UNKNOWN;
  }
  return outputs;
}

/** Objects among the inputs, completed by what AWS fills in inside them. */
function within(type: AnyResourceType, known: Props, before: Props = {}): Props {
  const completed: Record<string, Props> = {};
  for (const path of type.computedWithin ?? []) {
    const [outer = "", inner = ""] = path.split(".");
    const object = completed[outer] ?? (known[outer] as Props | undefined);
    if (typeof object !== "object" || object[inner] !== undefined) continue;
    completed[outer] = { ...object, [inner]: (before[outer] as Props | undefined)?.[inner] ?? UNKNOWN };
  }
  return completed;
}

/** Those parts of the outputs that were asked for as inputs, with their present values. */
export function project(outputs: Props, asked: Props): Props {
  const present = Object.entries(asked).map(([name, value]) => {
    const now = outputs[name];
    if (name === "__defaults" || now === undefined) return [name, value];
    return [name, isObject(value) && isObject(now) ? project(now, value) : now];
  });
  return Object.fromEntries(present) as Props;
}

function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
