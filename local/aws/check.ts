import { randomHex } from "./cloud.ts";
import type { AnyResourceType, Call, Props, Tags } from "./resource.ts";
import type { Schema } from "./schema.ts";
import { UNKNOWN, validate } from "./validate.ts";
import type { Failure } from "./validate.ts";

export interface CheckRequest {
  /** The resource's logical name, from which an automatic name is made. */
  name: string;
  /** The provider's defaultTags.tags. */
  defaultTags?: Tags;
  /** Checked inputs of the existing resource. */
  olds?: Props;
  news: Props;
}

export interface CheckResult {
  inputs: Props;
  failures: Failure[];
}

/**
 * What the real provider makes of a program's inputs: tags of the provider and defaults filled in, policy documents
 * as text, a name where there is none, and every mistake that can be seen without asking AWS. `__defaults` lists what
 * was filled in, as in the real provider's state.
 */
export function checkInputs(type: AnyResourceType, schema: Schema, call: Call, request: CheckRequest): CheckResult {
  const given = Object.entries(request.news).filter(([, value]) => value !== undefined && value !== null);
  const inputs: Props = Object.fromEntries(given.filter(([name]) => name !== "__defaults"));
  const failures = validate(inputs, schema.inputs);
  for (const name of type.documents ?? []) {
    if (typeof inputs[name] === "object") inputs[name] = JSON.stringify(inputs[name]);
    else checkJson(name, inputs[name], failures);
  }
  if ("tags" in schema.inputs.properties) mergeTags(inputs, request.defaultTags, failures);
  inputs["__defaults"] = fillIn(type, schema, call, inputs, request);
  for (const [path, words] of Object.entries(type.words ?? {})) {
    checkWords(inputs, path.split("."), words, (reason) => failures.push({ property: path, reason }));
  }
  type.check?.(inputs, (property, reason) => failures.push({ property, reason }));
  return { inputs, failures };
}

function fillIn(
  type: AnyResourceType,
  schema: Schema,
  call: Call,
  inputs: Props,
  { name, olds = {} }: CheckRequest,
): string[] {
  const filled: string[] = [];
  const fill = (property: string, value: unknown) => {
    if (inputs[property] !== undefined) return;
    inputs[property] = value;
    filled.push(property);
  };
  for (const [property, value] of Object.entries(type.defaults ?? {})) fill(property, value);
  if ("region" in schema.inputs.properties && call.region) fill("region", call.region);
  const auto = type.autoName;
  if (auto && (auto.unless === undefined || inputs[auto.unless] === undefined)) {
    const before = (olds["__defaults"] as string[] | undefined)?.includes(auto.property)
      ? olds[auto.property]
      : undefined;
    fill(auto.property, before ?? autoName(name, auto.maxLength));
  }
  return filled.sort();
}

/** "mesh" -> "mesh-0a1b2c3", cut to the limit as the real provider cuts it. */
function autoName(name: string, maxLength: number): string {
  return `${name.slice(0, maxLength - 8)}-${randomHex(7)}`;
}

/** The resource's own tags win over the provider's. */
function mergeTags(inputs: Props, defaultTags: Tags | undefined, failures: Failure[]): void {
  const own = inputs["tags"];
  if (own === UNKNOWN) return;
  if (defaultTags || own) inputs["tags"] = { ...defaultTags, ...(own as Tags | undefined) };
  const tags = Object.entries((inputs["tags"] ?? {}) as Tags);
  const refuse = (reason: string) => failures.push({ property: "tags", reason });
  if (tags.length > 50) refuse(`TagLimitExceeded: more than 50 tags`);
  for (const [key, value] of tags) {
    if (key.toLowerCase().startsWith("aws:")) {
      refuse(`InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use: ${key}`);
    }
    if (key.length === 0 || key.length > 128)
      refuse(`InvalidParameterValue: tag key '${key}' has not 1 to 128 characters`);
    if (value.length > 256) refuse(`InvalidParameterValue: the value of tag '${key}' exceeds 256 characters`);
  }
}

/** Follow a dotted name into objects and lists of objects, and refuse any other word than those. */
function checkWords(value: unknown, path: string[], words: readonly string[], refuse: (reason: string) => void): void {
  if (value === undefined || value === null || value === UNKNOWN) return;
  const [name, ...rest] = path;
  if (Array.isArray(value)) for (const item of value) checkWords(item, path, words, refuse);
  else if (name !== undefined) checkWords((value as Props)[name], rest, words, refuse);
  else if (!words.includes(value as string)) {
    refuse(`expected one of ${JSON.stringify(words)}, got ${JSON.stringify(value)}`);
  }
}

function checkJson(property: string, text: unknown, failures: Failure[]): void {
  if (typeof text !== "string" || text === UNKNOWN) return;
  try {
    JSON.parse(text);
  } catch (error) {
    failures.push({ property, reason: `"${property}" contains an invalid JSON policy: ${(error as Error).message}` });
  }
}
