import { randomBytes } from "node:crypto";
import type { GeneratedType, InputRule } from "../host/generated.ts";

/** Arbitrary values whose change asks for new randomness. */
export const keepers: InputRule = { type: "object" };

/** random.RandomId: the same bytes in four notations, each after the prefix. Its id is the URL-safe one, bare. */
export const randomId: GeneratedType = {
  inputs: { byteLength: { type: "number", required: true }, keepers, prefix: { type: "string" } },
  outputs: ["b64Std", "b64Url", "dec", "hex"],
  check: ({ byteLength }) => atLeastOne("byteLength", byteLength),
  generate: ({ byteLength, prefix }) => {
    const bytes = randomBytes(Number(byteLength));
    const before = String(prefix ?? "");
    const url = bytes.toString("base64url");
    return Promise.resolve({
      id: url,
      outputs: {
        b64Std: before + bytes.toString("base64"),
        b64Url: before + url,
        dec: before + BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: before + bytes.toString("hex"),
      },
    });
  },
};

/** random.RandomBytes: secret. */
export const randomBytesType: GeneratedType = {
  inputs: { length: { type: "number", required: true }, keepers },
  outputs: ["base64", "hex"],
  secrets: ["base64", "hex"],
  check: ({ length }) => atLeastOne("length", length),
  generate: ({ length }) => {
    const bytes = randomBytes(Number(length));
    return Promise.resolve({
      id: "none",
      outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") },
    });
  },
};

/** Refuses a count that is known and not a positive whole number. */
export function atLeastOne(property: string, value: unknown): { property: string; reason: string }[] {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= 1)) return [];
  return [{ property, reason: `${property} must be at least 1, got: ${String(value)}` }];
}
