/** From unknown data to a typed configuration, with zod's findings in the words of this lab. */
import { z } from "zod";
import { configSchema, type LabConfig } from "./schema.ts";
import type { Issue } from "./types.ts";

interface ParseFailure {
  readonly config?: never;
  /** Code `type`: a key that does not exist, or a value of the wrong kind. */
  readonly issues: readonly Issue[];
  /** The configuration without what is wrong, where that makes sense, so that rules can judge the rest. */
  readonly readable?: LabConfig;
}

/** Reads the `istio-lab:` keys of a stack file, without that prefix. */
export function parseConfig(raw: unknown): { readonly config: LabConfig; readonly issues?: never } | ParseFailure {
  const result = configSchema.safeParse(raw);
  if (result.success) return { config: result.data };
  const found = result.error.issues.flatMap(inChosenShape);
  const issues = found.flatMap(toIssues);
  const readable = configSchema.safeParse(without(raw, found));
  return readable.success ? { issues, readable: readable.data } : { issues };
}

/** Where a value may have several shapes, what is wrong with the one that was evidently meant. */
function inChosenShape(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((branch) =>
    branch.every((each) => each.code === "unrecognized_keys" || each.path.length > 0),
  );
  return meant?.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) ?? [issue];
}

function toIssues(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      code: "type",
      path: formatPath([...issue.path, key]),
      message: `There is no key "${key}" here. Mend its spelling or take it away; here may stand: ${knownKeys(issue.path).join(", ")}.`,
    }));
  }
  return [{ code: "type", path: formatPath(issue.path), message: explain(issue) }];
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") {
    return `Must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map((value) => JSON.stringify(value)).join(", ")}.`;
  }
  if (issue.code === "invalid_type" && issue.expected === "string") {
    return `Must be text${/version/i.test(String(issue.path.at(-1))) ? ", in quotes: YAML reads 1.30 as the number 1.3" : ""}.`;
  }
  if (issue.code === "invalid_union") return "Has none of the shapes that topology/schema.ts allows here.";
  const text = issue.message.replace(/^Invalid input: /, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, ".");
}

/** `clusters[1].primary`; an empty path is the whole configuration. */
function formatPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return parts.join("").replace(/^\./, "");
}

/** The keys that the schema knows at a place, in its order. A position in a list leads to the list's element. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const part of ["", ...path]) {
    if (schema instanceof z.ZodObject) schema = schema.shape[String(part)] ?? schema;
    if (schema instanceof z.ZodOptional) schema = schema.unwrap();
    if (schema instanceof z.ZodArray) schema = schema.element;
    if (schema instanceof z.ZodUnion) schema = schema.options.find((option) => option instanceof z.ZodObject);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** A copy without the values at fault. */
function without(raw: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(raw);
  for (const issue of issues) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [issue.path.at(-1)];
    const holder = issue.code === "unrecognized_keys" ? issue.path : issue.path.slice(0, -1);
    const target = holder.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), copy);
    for (const key of keys) if (isObject(target) && key !== undefined) delete target[key];
  }
  return copy;
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === "object" && value !== null;
