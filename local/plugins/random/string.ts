import { randomInt } from "node:crypto";
import type { GeneratedType, InputRule } from "../host/generated.ts";
import type { Properties } from "../host/values.ts";
import { atLeastOne, keepers } from "./bytes.ts";

const special = "!@#$%&*()-_=+[]{}<>:?";

/** Kinds of characters: the switch that allows one, the input for how many there have to be at least. */
const kinds = [
  { allow: "lower", minimum: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { allow: "upper", minimum: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { allow: "numeric", minimum: "minNumeric", characters: "0123456789" },
  { allow: "special", minimum: "minSpecial", characters: special },
];

const inputs: Record<string, InputRule> = {
  length: { type: "number", required: true },
  keepers,
  overrideSpecial: { type: "string" },
  ...Object.fromEntries(kinds.map(({ allow }) => [allow, { type: "boolean", default: true }])),
  ...Object.fromEntries(kinds.map(({ minimum }) => [minimum, { type: "number", default: 0 }])),
};

/** random.RandomString: not secret, and its own id. */
export const randomString: GeneratedType = {
  inputs,
  outputs: ["result"],
  check: failures,
  generate: (values) => {
    const result = generate(values);
    return Promise.resolve({ id: result, outputs: { result } });
  },
};

/** random.RandomPassword: as RandomString, secret. There is no `bcryptHash`, for which Node has no function. */
export const randomPassword: GeneratedType = {
  inputs,
  outputs: ["result"],
  secrets: ["result"],
  check: failures,
  generate: (values) => Promise.resolve({ id: "none", outputs: { result: generate(values) } }),
};

function failures(values: Properties): { property: string; reason: string }[] {
  const wrong = atLeastOne("length", values["length"]);
  const needed = kinds.reduce((sum, { minimum }) => sum + Number(values[minimum] ?? 0), 0);
  if (values["length"] !== undefined && needed > Number(values["length"])) {
    const reason = `length (${String(values["length"])}) must be at least the sum of the minimums (${needed})`;
    wrong.push({ property: "length", reason });
  }
  if (kinds.every(({ allow }) => values[allow] === false)) {
    wrong.push({ property: "lower", reason: "At least one of lower, upper, numeric and special must be true" });
  }
  return wrong;
}

function generate(values: Properties): string {
  const alphabets = kinds
    .filter(({ allow }) => values[allow] === true)
    .map(({ allow, minimum, characters }) => ({
      characters: allow === "special" ? String(values["overrideSpecial"] ?? characters) : characters,
      minimum: Number(values[minimum]),
    }));
  const all = alphabets.map(({ characters }) => characters).join("");
  const required = alphabets.flatMap(({ characters, minimum }) => pick(characters, minimum));
  return shuffled([...required, ...pick(all, Number(values["length"]) - required.length)]).join("");
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

function shuffled(items: string[]): string[] {
  const left = [...items];
  return items.map(() => left.splice(randomInt(left.length), 1)[0] ?? "");
}
