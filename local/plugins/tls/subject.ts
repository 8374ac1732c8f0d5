import { Name, SubjectAlternativeNameExtension } from "./x509.ts";
import type { Extension, JsonGeneralNames, JsonName } from "./x509.ts";
import type { InputRule } from "../host/generated.ts";
import type { CheckFailure } from "../host/provider.ts";
import { isObject } from "../host/values.ts";
import type { Properties } from "../host/values.ts";

/** Attributes of a distinguished name in the order in which Go writes them, with their object identifiers. */
const attributes: [property: string, oid: string][] = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
];

/** The inputs with which a program says whom a certificate or a request is for. */
export const subjectInputs: Record<string, InputRule> = {
  subject: { type: "object" },
  dnsNames: { type: "list" },
  ipAddresses: { type: "list" },
  uris: { type: "list" },
};

/** Refuses attributes that a subject does not have. */
export function subjectFailures(subject: unknown): CheckFailure[] {
  if (!isObject(subject)) return [];
  const known = attributes.map(([property]) => property);
  return Object.keys(subject)
    .filter((property) => !known.includes(property))
    .map((property) => ({
      property: `subject.${property}`,
      reason: `Unsupported argument: an argument named "${property}" is not expected here`,
    }));
}

/** The distinguished name of a `subject` input. */
export function subjectName(subject: unknown): Name {
  const values = isObject(subject) ? subject : {};
  const json: JsonName = attributes.flatMap(([property, oid]) =>
    [values[property] ?? []].flat().map((value) => ({ [oid]: [String(value)] })),
  );
  return new Name(json);
}

/** The extension for the alternative names among the inputs; none when there are none. */
export function alternativeNames(inputs: Properties): Extension[] {
  const names = (property: string, type: "dns" | "ip" | "url"): JsonGeneralNames =>
    ((inputs[property] ?? []) as string[]).map((value) => ({ type, value }));
  const all = [...names("dnsNames", "dns"), ...names("ipAddresses", "ip"), ...names("uris", "url")];
  return all.length === 0 ? [] : [new SubjectAlternativeNameExtension(all)];
}
