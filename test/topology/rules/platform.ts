import { external, type RuleCases } from "./case.ts";

export const platformCases: RuleCases = {
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
  "not-built-yet": {
    caught: { ...external, observability: { kiali: true } },
    at: "observability.kiali",
    passes: { ...external, observability: { prometheus: true } },
  },
};
