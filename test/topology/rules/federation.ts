import type { LabConfig } from "../../../topology/schema.ts";
import { east, west, type RuleCases } from "./case.ts";

interface Offer {
  readonly host: string;
  readonly namespace: string;
  readonly to: string;
  readonly service?: string;
}

const hello: Offer = { host: "helloworld.a.example", namespace: "helloworld", to: "b" };

const offers = (...exports: Offer[]): LabConfig => ({
  meshes: [
    { name: "a", exports },
    { name: "b", trustDomain: "b.example" },
  ],
  clusters: [
    { ...east, mesh: "a" },
    { ...west, mesh: "b" },
  ],
});

/** The same meshes on clusters that exist already. */
const onKind = (settings: LabConfig): LabConfig => ({
  ...settings,
  platform: "existing",
  clusters: [
    { name: "east", mesh: "a", context: "kind-east", apiServer: "https://172.18.0.2:6443" },
    { name: "west", mesh: "b", context: "kind-west", apiServer: "https://172.18.0.3:6443" },
  ],
});

export const federationCases: RuleCases = {
  "empty-mesh": {
    caught: { ...offers(hello), clusters: [{ ...east, mesh: "b" }] },
    at: "meshes[0]",
    passes: offers(hello),
  },
  "export-to": {
    caught: offers({ ...hello, to: "a" }),
    at: "meshes[0].exports[0].to",
    passes: offers(hello),
  },
  "export-host": {
    caught: offers(hello, { ...hello, namespace: "other" }),
    at: "meshes[0].exports[1].host",
    passes: offers(hello, { ...hello, host: "helloworld.other.a.example", namespace: "other" }),
  },
  "export-service": {
    caught: offers({ ...hello, service: "Hello" }),
    at: "meshes[0].exports[0].service",
    passes: offers({ ...hello, service: "hello" }),
  },
  "export-on-node-port": {
    caught: { ...offers(hello), ...onKind({}) },
    at: "meshes[0].exports[0]",
    passes: { ...offers(hello), ...onKind({ gateways: { service: { type: "LoadBalancer" } } }) },
  },
  "export-behind-peering": {
    caught: { ...offers(hello), eastWest: { exposure: "peering" } },
    at: "meshes[0].exports[0]",
    passes: { ...offers(hello), eastWest: { exposure: "internet" } },
  },
};
