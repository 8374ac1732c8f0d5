import type { RuleCases } from "./case.ts";

export const versionCases: RuleCases = {
  "istio-version": {
    caught: { mesh: { version: "1.31" } },
    at: "mesh.version",
    passes: { mesh: { version: "1.31.0-dev.eed52ebb66ad" } },
  },
  "unsupported-istio": {
    caught: { mesh: { version: "1.29.4" } },
    at: "mesh.version",
    passes: { mesh: { version: "1.30.3" } },
  },
  "broken-istio": {
    caught: { mesh: { version: "1.30.2" } },
    at: "mesh.version",
    passes: { mesh: { version: "1.30.3" } },
  },
  "kubernetes-version": {
    caught: { kubernetes: { version: "1.36.3" } },
    at: "kubernetes.version",
    passes: { kubernetes: { version: "1.36" } },
  },
  "support-matrix": {
    caught: { kubernetes: { version: "1.37" }, mesh: { version: "1.30.4" } },
    at: "kubernetes.version",
    passes: { kubernetes: { version: "1.36" }, mesh: { version: "1.30.4" } },
  },
  "support-reported": {
    caught: { kubernetes: { version: "1.37" } },
    at: "kubernetes.version",
    passes: { kubernetes: { version: "1.36" } },
  },
  "eks-support-ended": {
    caught: { kubernetes: { version: "1.34" } },
    at: "kubernetes.version",
    // On its last day a version is still in support.
    passes: { kubernetes: { version: "1.35" } },
    today: "2027-03-27",
  },
  "eks-support-ends": {
    caught: { kubernetes: { version: "1.34" } },
    at: "kubernetes.version",
    passes: { kubernetes: { version: "1.35" } },
    today: "2026-11-23",
  },
  "retired-host": {
    caught: { mesh: { values: { istiod: { global: { hub: "gcr.io/istio-release" } } } } },
    at: "mesh.values.istiod.global.hub",
    passes: { mesh: { values: { istiod: { global: { hub: "docker.io/istio" } } } } },
  },
};
