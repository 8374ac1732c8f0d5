import type { RuleCases } from "./case.ts";

const ports = [{ number: 443, name: "https", protocol: "TLS" }];
const entry = { name: "example", hosts: ["example.com"], ports };

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
  "service-entry-wildcard": {
    caught: { serviceEntries: [{ ...entry, hosts: ["*.example.com"] }] },
    at: "serviceEntries[0].hosts",
    passes: { serviceEntries: [{ ...entry, hosts: ["*.example.com"], resolution: "NONE" }] },
  },
};
