import type { LabConfig } from "../../../topology/schema.ts";
import { east, two, west, type RuleCases } from "./case.ts";

const ingress = { global: "route53", hostedZone: "lab.example", host: "www.lab.example" } as const;
const passes: LabConfig = { ...two, ingress };

export const globalIngressCases: RuleCases = {
  "global-ingress-incomplete": {
    caught: { ...two, ingress: { global: "route53", hostedZone: "lab.example" } },
    at: "ingress.host",
    passes,
  },
  "global-ingress-zone": {
    // A zone's id, as the console shows it.
    caught: { ...two, ingress: { ...ingress, hostedZone: "Z0123456789ABCDEFGHIJ" } },
    at: "ingress.hostedZone",
    passes,
  },
  "global-ingress-host": {
    // Ends in the zone's letters and lies beside it.
    caught: { ...two, ingress: { ...ingress, host: "www.mylab.example" } },
    at: "ingress.host",
    passes: { ...two, ingress: { ...ingress, host: "a.b.lab.example" } },
  },
  "global-ingress-alone": {
    caught: { clusters: [east, { ...west, gateways: { ingress: false } }], ingress },
    at: "ingress.global",
    passes,
  },
  "global-ingress-meshes": {
    caught: {
      meshes: [
        { name: "store", trustDomain: "store.example" },
        { name: "web", trustDomain: "web.example" },
      ],
      clusters: [
        { ...east, mesh: "store" },
        { ...west, mesh: "web" },
      ],
      ingress,
    },
    at: "ingress.global",
    passes,
  },
  "global-ingress-source-ranges": {
    caught: { ...two, ingress: { ...ingress, sourceRanges: ["203.0.113.0/24"] } },
    at: "ingress.sourceRanges",
    passes: { ...two, ingress: { ...ingress, sourceRanges: ["0.0.0.0/0"] } },
  },
  "global-ingress-unused": {
    caught: { ...two, ingress: { host: "www.lab.example" } },
    at: "ingress.host",
    passes,
  },
};
