import { east, oneNetwork, two, west, type RuleCases } from "./case.ts";

const kind = (first?: string, second?: string) => ({
  platform: "existing" as const,
  clusters: [
    { ...east, ...(first === undefined ? {} : { context: first }) },
    { ...west, ...(second === undefined ? {} : { context: second }) },
  ],
});

export const platformCases: RuleCases = {
  "existing-without-context": {
    caught: kind("kind-east"),
    at: "clusters[1].context",
    passes: kind("kind-east", "kind-west"),
    notBuilt: true,
  },
  "duplicate-context": {
    caught: kind("kind-east", "kind-east"),
    at: "clusters[1].context",
    passes: kind("kind-east", "kind-west"),
    notBuilt: true,
  },
  "reserved-tag": {
    caught: { tags: { "aws:owner": "me" } },
    at: "tags.aws:owner",
    passes: { tags: { owner: "me" } },
  },
  "tag-characters": {
    caught: { tags: { owner: "me,you" } },
    at: "tags.owner",
    passes: { tags: { owner: "me + you@lab.example: 1/2_a-b" } },
  },
  "not-built-yet": { caught: oneNetwork, at: "clusters[1].network", passes: two },
};
