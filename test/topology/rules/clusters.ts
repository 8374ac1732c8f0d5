import { east, external, remote, two, west, type RuleCases } from "./case.ts";

export const clusterCases: RuleCases = {
  "no-clusters": { caught: { clusters: [] }, at: "clusters", passes: { clusters: [east] } },
  "model-ignored": {
    caught: { model: "single", clusters: [east] },
    at: "model",
    passes: { clusters: [east] },
  },
  "duplicate-cluster": {
    caught: { clusters: [east, { ...west, name: "east" }] },
    at: "clusters[1].name",
    passes: two,
  },
  "cluster-name": {
    caught: { clusters: [{ name: "East_1" }] },
    at: "clusters[0].name",
    passes: { clusters: [{ name: "east-1" }] },
  },
  "reserved-cluster-name": {
    caught: { clusters: [{ name: "lab" }] },
    at: "clusters[0].name",
    passes: { clusters: [{ name: "lab-1" }] },
  },
  "network-name": {
    caught: { clusters: [{ ...east, network: "Network 1" }] },
    at: "clusters[0].network",
    passes: { clusters: [{ ...east, network: "network-1" }] },
  },
  "mixed-architectures": {
    caught: { nodes: { instanceTypes: ["t3.large", "t4g.large"] } },
    at: "nodes.instanceTypes",
    passes: { nodes: { instanceTypes: ["t4g.large", "m7gd.large"] } },
  },
  "dangling-primary": {
    caught: { clusters: [east, { ...west, primary: "eats" }] },
    at: "clusters[1].primary",
    passes: { clusters: [east, { ...west, primary: "west" }] },
  },
  "chained-primary": {
    caught: { clusters: [east, { ...west, primary: "east" }, { name: "third", primary: "west" }] },
    at: "clusters[2].primary",
    passes: { clusters: [east, { ...west, primary: "east" }, { name: "third", primary: "east" }] },
  },
  "dangling-config": {
    caught: { clusters: [{ ...east, config: "wets" }, west] },
    at: "clusters[0].config",
    passes: { clusters: [{ ...east, config: "east" }, west] },
  },
  "misplaced-config": {
    caught: { clusters: [{ ...east, config: "west" }, west] },
    at: "clusters[0].config",
    passes: external,
  },
  "unknown-mesh": {
    caught: { mesh: { id: "mesh1" }, clusters: [{ ...east, mesh: "mesh2" }] },
    at: "clusters[0].mesh",
    passes: { mesh: { id: "mesh1" }, clusters: [{ ...east, mesh: "mesh1" }] },
  },
  "primary-in-another-mesh": {
    caught: {
      meshes: [{ name: "a" }, { name: "b", trustDomain: "b.example" }],
      clusters: [
        { ...east, mesh: "a" },
        { ...west, mesh: "b", primary: "east" },
      ],
    },
    at: "clusters[1].primary",
    passes: remote,
  },
};
