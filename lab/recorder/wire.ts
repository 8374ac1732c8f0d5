/**
 * Pulumi's wire format of property values (markers for secrets, references and unknowns) made plain.
 */
import * as pulumi from "@pulumi/pulumi";
import { type JsonObject, type JsonValue, unknownPlaceholder } from "./graph.ts";

const { specialSigKey, specialSecretSig, specialResourceSig, unknownValue } = pulumi.runtime;

export interface PlainProperties {
  readonly value: JsonObject;
  /** Paths whose values were marked secret. */
  readonly secrets: readonly string[];
  /** Paths whose values are not known yet. */
  readonly unknowns: readonly string[];
}

/** Takes a property map off the wire: unwraps secrets, replaces references by URNs and unknowns by a placeholder. */
export function plainProperties(wire: JsonObject): PlainProperties {
  const secrets: string[] = [];
  const unknowns: string[] = [];

  const plain = (value: JsonValue, path: string): JsonValue => {
    if (value === unknownValue) {
      unknowns.push(path);
      return unknownPlaceholder;
    }
    if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`));
    if (value === null || typeof value !== "object") return value;
    if (value[specialSigKey] === specialSecretSig) {
      secrets.push(path);
      return plain(value["value"] ?? null, path);
    }
    if (value[specialSigKey] === specialResourceSig) return value["urn"] ?? null;
    return plainObject(value, path);
  };
  const plainObject = (object: JsonObject, path: string): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([key, value]) => [key, plain(value, path === "" ? key : `${path}.${key}`)]),
    );

  return { value: plainObject(wire, ""), secrets, unknowns };
}

/** Marks a value as secret, as the engine marks the outputs that a provider's schema calls secret. */
export function asSecret(value: JsonValue): JsonObject {
  return isSecret(value) ? value : { [specialSigKey]: specialSecretSig, value };
}

function isSecret(value: JsonValue): value is JsonObject {
  return (
    value !== null && typeof value === "object" && !Array.isArray(value) && value[specialSigKey] === specialSecretSig
  );
}
