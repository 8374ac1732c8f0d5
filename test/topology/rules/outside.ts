import type { LabConfig } from "../../../topology/schema.ts";
import { dynamicEntry, east, west, type RuleCases } from "./case.ts";

const ports = [{ number: 443, name: "https", protocol: "TLS" }];
const entry = { name: "example", hosts: ["example.com"], ports };

const twoMeshes = (dataPlane: "ambient" | "sidecar"): LabConfig => ({
  meshes: [
    { name: "a", dataPlane },
    { name: "b", dataPlane, trustDomain: "b.example" },
  ],
  clusters: [
    { ...east, mesh: "a" },
    { ...west, mesh: "b" },
  ],
});

export const outsideCases: RuleCases = {
  "registry-only-without-entries": {
    caught: { mesh: { outboundTrafficPolicy: "REGISTRY_ONLY" } },
    at: "mesh.outboundTrafficPolicy",
    passes: { mesh: { outboundTrafficPolicy: "REGISTRY_ONLY" }, serviceEntries: [entry] },
  },
  "service-entry-name": {
    caught: { serviceEntries: [entry, entry] },
    at: "serviceEntries[1].name",
    passes: { serviceEntries: [entry, { ...entry, name: "example-2" }] },
  },
  "service-entry-endpoints": {
    caught: { serviceEntries: [{ ...entry, resolution: "STATIC" }] },
    at: "serviceEntries[0].endpoints",
    passes: { serviceEntries: [{ ...entry, resolution: "STATIC", endpoints: [{ address: "192.0.2.1" }] }] },
  },
  "egress-ports-meet": {
    caught: {
      gateways: { egress: true },
      serviceEntries: [
        entry,
        { ...entry, name: "example-2", ports: [{ number: 8443, name: "admin", protocol: "https" }] },
      ],
    },
    at: "serviceEntries[1].ports",
    // TLS and HTTP of one host pass through different ports of the gateway.
    passes: {
      gateways: { egress: true },
      serviceEntries: [
        entry,
        { ...entry, name: "example-2", ports: [{ number: 8080, name: "admin", protocol: "HTTP" }] },
        { ...entry, name: "inside", location: "MESH_INTERNAL" },
      ],
    },
  },
  "service-entry-wildcard": {
    caught: { serviceEntries: [{ ...entry, hosts: ["*.example.com"] }] },
    at: "serviceEntries[0].hosts",
    passes: {
      serviceEntries: [{ ...entry, hosts: ["*.example.com"], resolution: "NONE" }, dynamicEntry],
    },
  },
  "dynamic-dns-host": {
    caught: { serviceEntries: [{ ...dynamicEntry, hosts: ["*.example.com", "example.com"] }] },
    at: "serviceEntries[0].hosts",
    passes: { serviceEntries: [entry, dynamicEntry] },
  },
  "dynamic-dns-protocol": {
    caught: { serviceEntries: [{ ...dynamicEntry, ports: [{ number: 443, name: "https", protocol: "HTTPS" }] }] },
    at: "serviceEntries[0].ports",
    passes: {
      serviceEntries: [{ ...dynamicEntry, ports: [...ports, { number: 80, name: "http", protocol: "http" }] }],
    },
  },
  "ambient-dynamic-dns": {
    caught: { ...twoMeshes("ambient"), serviceEntries: [dynamicEntry] },
    at: "serviceEntries[0].resolution",
    passes: { ...twoMeshes("sidecar"), serviceEntries: [dynamicEntry] },
  },
};
