import { external, type RuleCases } from "./case.ts";

const [outside, served] = external.clusters ?? [];
const tenants = [{ name: "red" }, { name: "blue", callers: ["red"] }];

export const tenantCases: RuleCases = {
  "tenant-name": {
    caught: { tenants: [{ name: "red" }, { name: "red" }] },
    at: "tenants[1].name",
    passes: { tenants },
    notBuilt: true,
  },
  "tenants-on-external": {
    caught: {
      tenants,
      clusters: [
        { ...outside, name: "external", tenants: ["red"] },
        { ...served, name: "config" },
      ],
    },
    at: "clusters[0].tenants",
    passes: {
      tenants,
      clusters: [
        { ...outside, name: "external" },
        { ...served, name: "config", tenants: ["red"] },
      ],
    },
    notBuilt: true,
  },
  "unknown-tenant": {
    caught: { tenants, clusters: [{ name: "east", tenants: ["green"] }] },
    at: "clusters[0].tenants[0]",
    passes: { tenants, clusters: [{ name: "east", tenants: ["red"] }] },
    notBuilt: true,
  },
  "unknown-caller": {
    caught: { tenants: [{ name: "red" }, { name: "blue", callers: [{ name: "green" }] }] },
    at: "tenants[1].callers[0]",
    passes: { tenants },
    notBuilt: true,
  },
  "pod-security-without-cni": {
    caught: { tenants: [{ name: "red", podSecurity: "restricted" }] },
    at: "tenants[0].podSecurity",
    passes: { tenants: [{ name: "red", podSecurity: "restricted" }], mesh: { cni: true } },
    notBuilt: true,
  },
};
