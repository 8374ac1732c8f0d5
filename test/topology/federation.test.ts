import assert from "node:assert/strict";
import { checkConfig, planLab } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";

const hello = { host: "helloworld.store.example", namespace: "shop", port: 5000, to: "web" };

const config = (...exports: (typeof hello)[]): LabConfig => ({
  meshes: [
    { name: "store", trustDomain: "store.example", exports },
    { name: "web", trustDomain: "web.example" },
    { name: "alone", trustDomain: "alone.example" },
  ],
  clusters: [
    { name: "a", mesh: "store" },
    { name: "b", mesh: "web" },
    { name: "c", mesh: "alone" },
  ],
});

const meshOf = (name: string, lab = planLab(config(hello))) => {
  const mesh = lab.meshes.find((each) => each.name === name);
  assert.ok(mesh);
  return mesh;
};

describe("meshes of one lab", () => {
  it("know of a service that one offers to another, by the identity that its pods prove", () => {
    const service = {
      from: "store",
      to: "web",
      host: "helloworld.store.example",
      namespace: "shop",
      service: "helloworld",
      port: 5000,
      identity: "spiffe://store.example/ns/shop/sa/helloworld",
      gateways: ["a"],
    };
    assert.deepEqual(meshOf("store").exports, [service]);
    assert.deepEqual(meshOf("web").imports, [service]);
    assert.deepEqual([meshOf("store").imports, meshOf("web").exports], [[], []]);
  });

  it("trust each other's root where one calls the other, in both directions, and nobody else's", () => {
    assert.deepEqual(meshOf("store").trusts, [{ mesh: "web", trustDomain: "web.example" }]);
    assert.deepEqual(meshOf("web").trusts, [{ mesh: "store", trustDomain: "store.example" }]);
    assert.deepEqual(meshOf("alone").trusts, []);
  });

  it("read no API server of another's, and only the one that offers something opens a gateway", () => {
    const plan = planLab(config(hello));
    assert.deepEqual(plan.remoteSecrets, []);
    assert.deepEqual(plan.eastWestGateways, ["a"]);
    assert.deepEqual(
      plan.clusters.map(({ gateways }) => gateways.map(({ kind }) => kind)),
      [["ingress", "east-west"], ["ingress"], ["ingress"]],
    );
    const open = plan.open.find(({ ports }) => ports.includes(15443));
    assert.match(open?.why ?? "", /helloworld\.shop for mesh web/);
    assert.deepEqual(planLab(config()).eastWestGateways, []);
  });

  it("refuse a host that callers know already or cannot look up, and a mesh that is not there", () => {
    const codes = (change: Partial<typeof hello>) =>
      checkConfig(config({ ...hello, ...change })).issues.map(({ code }) => code);
    for (const host of ["helloworld", "Hello.example", "helloworld.shop.svc.cluster.local"])
      assert.deepEqual(codes({ host }).slice(0, 1), ["export-host"], host);
    assert.deepEqual(codes({ to: "nobody" }), ["export-to"]);
    const entry = { name: "x", hosts: [hello.host], ports: [{ number: 80, name: "http", protocol: "HTTP" }] };
    const taken = checkConfig({ ...config(hello), serviceEntries: [entry] }).issues;
    assert.deepEqual(
      taken.map(({ code }) => code),
      ["export-host"],
    );
  });
});
