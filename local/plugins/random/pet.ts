import { randomInt } from "node:crypto";
import type { GeneratedType } from "../host/generated.ts";
import { atLeastOne, keepers } from "./bytes.ts";

const adverbs = ["barely", "boldly", "calmly", "easily", "gladly", "kindly", "mildly", "neatly", "partly", "warmly"];
const adjectives = ["brave", "clever", "eager", "fair", "gentle", "happy", "keen", "merry", "proud", "quick", "wise"];
const pets = ["badger", "bison", "crane", "finch", "gecko", "heron", "lemur", "otter", "raven", "tapir", "whale"];

/** random.RandomPet: an animal, before it an adjective, before that adverbs. Its id is its name. */
export const randomPet: GeneratedType = {
  inputs: {
    length: { type: "number", default: 2 },
    separator: { type: "string", default: "-" },
    prefix: { type: "string" },
    keepers,
  },
  outputs: [],
  check: ({ length }) => atLeastOne("length", length),
  generate: ({ length, separator, prefix }) => {
    const lists = Array.from({ length: Number(length) }, (_, fromEnd) => [pets, adjectives][fromEnd] ?? adverbs);
    const words = lists.reverse().map((list) => list[randomInt(list.length)] ?? "");
    const id = [...(prefix ? [String(prefix)] : []), ...words].join(String(separator));
    return Promise.resolve({ id, outputs: {} });
  },
};
