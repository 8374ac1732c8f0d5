import type { LabConfig } from "../../../topology/schema.ts";
import { east, external, west, type RuleCases } from "./case.ts";

const [outside, served] = external.clusters ?? [];
const tenants = [{ name: "red" }, { name: "blue", callers: ["red"] }];
const red = (keys: Partial<NonNullable<LabConfig["tenants"]>[number]>): LabConfig => ({
  tenants: [{ name: "red", ...keys }],
});
const calledBy = (paths: string[]): LabConfig => ({
  tenants: [{ name: "red" }, { name: "blue", callers: [{ name: "red", paths }] }],
});
const role = "arn:aws:iam::111122223333:role/red-team";

/** Two teams in clusters of their own, which exist already. */
const strangersOnKind = (more: LabConfig): LabConfig => ({
  platform: "existing",
  tenants,
  clusters: [
    { name: "east", context: "kind-east", tenants: ["blue"] },
    { name: "west", context: "kind-west", tenants: ["red"] },
  ],
  ...more,
});

export const tenantCases: RuleCases = {
  "tenant-name": {
    caught: { tenants: [{ name: "red" }, { name: "red" }] },
    at: "tenants[1].name",
    passes: { tenants },
  },
  "tenant-namespace-taken": {
    caught: { tenants: [{ name: "httpbin" }], samples: ["httpbin"] },
    at: "tenants[0].name",
    passes: { tenants: [{ name: "httpbin" }], samples: ["curl"] },
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
        { ...served, name: "config" },
      ],
    },
    cure: {
      tenants,
      clusters: [
        { ...outside, name: "external" },
        { ...served, name: "config", tenants: [] },
        { ...east, tenants: ["red", "blue"] },
      ],
    },
  },
  "unknown-tenant": {
    caught: { tenants, clusters: [{ name: "east", tenants: ["red", "blue", "green"] }] },
    at: "clusters[0].tenants[2]",
    passes: { tenants, clusters: [{ name: "east", tenants: ["red", "blue"] }] },
  },
  "tenant-nowhere": {
    caught: { tenants, clusters: [{ name: "east", tenants: ["red"] }] },
    at: "tenants[1].name",
    passes: { tenants, clusters: [{ name: "east" }] },
  },
  "strangers-on-one-network": {
    caught: {
      tenants,
      clusters: [
        { ...east, network: "shared", tenants: ["red"] },
        { ...west, network: "shared", tenants: ["blue"] },
      ],
    },
    at: "clusters[1].network",
    passes: {
      tenants,
      clusters: [
        { ...east, tenants: ["red"] },
        { ...west, tenants: ["blue"] },
      ],
    },
  },
  "stranger-on-node-port": {
    caught: strangersOnKind({}),
    at: "clusters[0].tenants",
    passes: strangersOnKind({ gateways: { service: { type: "LoadBalancer" } } }),
  },
  "unknown-caller": {
    caught: { tenants: [{ name: "red" }, { name: "blue", callers: [{ name: "green" }] }] },
    at: "tenants[1].callers[0]",
    passes: { tenants },
  },
  "caller-path": {
    caught: calledBy(["status/200"]),
    at: "tenants[1].callers[0].paths[0]",
    passes: calledBy(["/status/*"]),
  },
  "tenant-admin": {
    caught: { access: { admins: [role] }, ...red({ admins: [role] }) },
    at: "tenants[0].admins[0]",
    // Who works for two tenants is one principal in two groups.
    passes: {
      access: { admins: [`${role}-2`] },
      tenants: [
        { name: "red", admins: [role] },
        { name: "blue", admins: [role] },
      ],
    },
  },
  "unknown-exported-service": {
    caught: { tenants: [{ name: "red" }, { name: "blue", callers: ["red"], exportedServices: ["shop"] }] },
    at: "tenants[1].exportedServices[0]",
    passes: { tenants: [{ name: "red" }, { name: "blue", callers: ["red"], exportedServices: ["httpbin"] }] },
  },
  "exported-to-nobody": {
    caught: red({ exportedServices: ["httpbin"] }),
    at: "tenants[0].exportedServices",
    passes: red({ exportedServices: [] }),
  },
  "pod-security-without-cni": {
    caught: { tenants: [{ name: "red", podSecurity: "restricted" }] },
    at: "tenants[0].podSecurity",
    passes: { tenants: [{ name: "red", podSecurity: "restricted" }], mesh: { cni: true } },
  },
  "privileged-among-tenants": {
    // Nobody wrote the level: it is what is left without istio-cni.
    caught: { tenants },
    at: "tenants[0].podSecurity",
    passes: { tenants, mesh: { cni: true } },
  },
  "tenant-quota": {
    caught: red({ quota: { pods: "ten" } }),
    at: 'tenants[0].quota["pods"]',
    passes: red({ quota: { pods: "10" } }),
  },
  "tenant-limits": {
    caught: red({ limits: { memory: "512 MB" } }),
    at: 'tenants[0].limits["memory"]',
    passes: red({ limits: { memory: "512Mi" } }),
  },
  "quota-without-limits": {
    caught: red({ quota: { "requests.cpu": "2" } }),
    at: "tenants[0].quota",
    passes: red({ quota: { "requests.cpu": "2" }, limits: { cpu: "500m" } }),
  },
};
