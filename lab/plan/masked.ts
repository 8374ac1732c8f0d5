/**
 * Inputs of resources fit for a file: every secret, and every value that is known only after `pulumi up`, is replaced by
 * a marked placeholder.
 */
import { isAnswerPlaceholder } from "../recorder/fakes.ts";
import type { JsonObject, JsonValue, ResourceNode } from "../recorder/graph.ts";

/** Stands for a secret value; the recorder's own mark stands for one that is known later. */
export const secretPlaceholder = "(secret)";

export interface Placeholder {
  /** The field, such as `data.ca-key.pem` or `values.global.caBundle`. */
  readonly path: string;
  readonly reason: "secret" | "known after up" | "asked of AWS";
  /** Names of the resources that the value comes from. */
  readonly from: readonly string[];
}

export interface Masked {
  readonly inputs: JsonObject;
  /** Sorted by path. */
  readonly placeholders: readonly Placeholder[];
}

/** The fields of a Kubernetes Secret that are secret whether the program says so or not. */
const secretFields = ["data", "stringData"];

/** Masks the inputs of a resource. */
export function maskInputs(node: ResourceNode): Masked {
  const own = node.type === "kubernetes:core/v1:Secret" ? secretFields.filter((field) => field in node.inputs) : [];
  const secrets = new Set([...node.secretInputs, ...own]);
  const from = (path: string): string[] => sourcesOf(node, path);
  const placeholders: Placeholder[] = [];

  const mask = (value: JsonValue, path: string): JsonValue => {
    if (secrets.has(path)) return maskSecret(value, path);
    if (Array.isArray(value)) return value.map((item, index) => mask(item, `${path}[${index}]`));
    if (value !== null && typeof value === "object") return maskObject(value, path);
    if (isAnswerPlaceholder(value)) placeholders.push({ path, reason: "asked of AWS", from: [] });
    if (node.unknownInputs.includes(path)) placeholders.push({ path, reason: "known after up", from: from(path) });
    return value;
  };
  /** The keys of a secret map are no secret, and say what will stand there. */
  const maskSecret = (value: JsonValue, path: string): JsonValue => {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      const entries = Object.keys(value).map((key) => [key, maskSecret(value[key] ?? null, `${path}.${key}`)] as const);
      return Object.fromEntries(entries);
    }
    placeholders.push({ path, reason: "secret", from: from(path) });
    return secretPlaceholder;
  };
  const maskObject = (object: JsonObject, path: string): JsonObject => {
    const prefix = path === "" ? "" : `${path}.`;
    return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, mask(value, `${prefix}${key}`)]));
  };

  const inputs = maskObject(node.inputs, "");
  return { inputs, placeholders: placeholders.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Names of the resources whose outputs flow into the input that the path begins with. */
function sourcesOf(node: ResourceNode, path: string): string[] {
  const [property = ""] = path.split(/[.[]/);
  return (node.propertyDeps[property] ?? []).map((urn) => urn.split("::").at(-1) ?? urn);
}
