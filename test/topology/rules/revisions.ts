import type { RuleCases } from "./case.ts";

const stable = { stable: "1.31.0" };

export const revisionCases: RuleCases = {
  "unknown-revision": {
    caught: { mesh: { revisions: stable }, samples: ["curl", { name: "httpbin", revision: "canary" }] },
    at: "samples[1].revision",
    passes: { mesh: { revisions: stable }, samples: ["curl", { name: "httpbin", revision: "stable" }] },
  },
  "same-revision": {
    caught: { mesh: { revisions: { ...stable, canary: "1.31.0" } } },
    at: "mesh.revisions.canary",
    passes: { mesh: { revisions: { ...stable, canary: "1.31.1" } } },
  },
};
