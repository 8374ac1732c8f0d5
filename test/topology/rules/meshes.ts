import type { LabConfig } from "../../../topology/schema.ts";
import { east, external, oneNetwork, remote, two, west, type RuleCases } from "./case.ts";

const meshes = [{ name: "a" }, { name: "b", trustDomain: "b.example" }];
const apart = [
  { ...east, mesh: "a" },
  { ...west, mesh: "b" },
];
const ambient = { dataPlane: "ambient" } as const;

/** Two clusters that exist already, in ambient. */
const existingAmbient = (type: "NodePort" | "LoadBalancer"): LabConfig => ({
  platform: "existing",
  mesh: ambient,
  gateways: { service: { type } },
  clusters: ["east", "west"].map((name) => ({
    name,
    context: `kind-${name}`,
    apiServer: `https://${name}-control-plane:6443`,
  })),
});

export const meshCases: RuleCases = {
  "duplicate-mesh": {
    caught: { meshes: [{ name: "a" }, { name: "a", trustDomain: "b.example", rootName: "b" }], clusters: apart },
    at: "meshes[1].name",
    passes: { meshes, clusters: apart },
  },
  "mesh-name": {
    caught: { mesh: { id: "Mesh_1" } },
    at: "mesh.id",
    passes: { mesh: { id: "mesh-1" } },
  },
  "trust-domain": {
    caught: { mesh: { trustDomain: "spiffe://lab.example" } },
    at: "mesh.trustDomain",
    passes: { mesh: { trustDomain: "lab.example" } },
  },
  "same-trust-domain": {
    caught: { meshes: [{ name: "a" }, { name: "b" }], clusters: apart },
    at: "meshes[1].trustDomain",
    passes: { meshes, clusters: apart },
  },
  "same-root-name": {
    caught: {
      meshes: [
        { name: "a", rootName: "root" },
        { name: "b", trustDomain: "b.example", rootName: "root" },
      ],
      clusters: apart,
    },
    at: "meshes[1].rootName",
    passes: { meshes, clusters: apart },
  },
  "mixed-data-planes": {
    caught: { clusters: [east, { ...west, ...ambient }] },
    at: "clusters[1].dataPlane",
    passes: { clusters: [east, { ...west, dataPlane: "sidecar" }] },
  },
  "ambient-remote": {
    caught: { ...remote, mesh: ambient, experimental: true },
    at: "clusters[1].primary",
    passes: { ...two, mesh: ambient, experimental: true },
  },
  "ambient-external": {
    caught: { ...external, mesh: ambient, experimental: true },
    at: "clusters[0].config",
    passes: { ...two, mesh: ambient, experimental: true },
  },
  "ambient-one-network": {
    caught: { ...oneNetwork, mesh: ambient, experimental: true },
    at: "mesh.dataPlane",
    passes: { ...two, mesh: ambient, experimental: true },
  },
  "ambient-load-balancer-name": {
    caught: { ...two, mesh: ambient },
    at: "mesh.dataPlane",
    passes: { ...two, mesh: ambient, experimental: true },
  },
  "ambient-egress": {
    caught: { mesh: ambient, gateways: { egress: true } },
    at: "gateways.egress",
    passes: { mesh: ambient, gateways: { egress: false } },
  },
  "ambient-node-port": {
    caught: existingAmbient("NodePort"),
    at: "gateways.service",
    passes: existingAmbient("LoadBalancer"),
  },
  "revision-with-local-injector": {
    caught: { ...remote, mesh: { revisions: { stable: "1.31.0" } } },
    at: "mesh.revisions",
    passes: { ...remote, mesh: { revisions: { stable: "1.31.0" }, localInjector: false } },
    cure: { ...remote, mesh: {} },
  },
};
