import assert from "node:assert/strict";
import { defaultCidr, freeCidr, planNetwork } from "../../topology/addressing.ts";
import { gatewayRelease, subnetKey } from "../../topology/names.ts";

describe("names", () => {
  it("are Istio's own where Istio or its pages know them", () => {
    assert.deepEqual((["ingress", "egress", "east-west"] as const).map(gatewayRelease), [
      "istio-ingressgateway",
      "istio-egressgateway",
      "istio-eastwestgateway",
    ]);
  });

  it("of subnets say their tier and zone", () => {
    assert.equal(subnetKey("public", 0), "public-a");
    assert.equal(subnetKey("private", 2), "private-c");
  });
});

describe("addresses", () => {
  it("cut a VPC into a public and a private half", () => {
    const { subnets, nat } = planNetwork("10.10.0.0/16", 2, { private: true, nat: true });
    assert.equal(nat, true);
    assert.deepEqual(
      subnets.map(({ key, zone, cidr }) => `${key} ${zone} ${cidr}`),
      [
        "public-a 0 10.10.0.0/20",
        "public-b 1 10.10.16.0/20",
        "private-a 0 10.10.128.0/20",
        "private-b 1 10.10.144.0/20",
      ],
    );
  });

  it("do not move when a zone or private subnets come", () => {
    const { subnets } = planNetwork("10.10.0.0/20", 2, { private: false, nat: false });
    const more = planNetwork("10.10.0.0/20", 3, { private: true, nat: true }).subnets;
    for (const subnet of subnets)
      assert.deepEqual(
        more.find(({ key }) => key === subnet.key),
        subnet,
      );
    assert.equal(subnets[1]?.cidr, "10.10.1.0/24");
  });

  it("of a cluster that names none come from its name alone, and never change: another value would replace a VPC", () => {
    assert.deepEqual(["east", "west", "central"].map(defaultCidr), ["10.103.0.0/16", "10.185.0.0/16", "10.37.0.0/16"]);
  });

  it("that are free touch none of the given", () => {
    assert.equal(freeCidr(["10.11.0.0/16", "10.12.3.0/24"]), "10.13.0.0/16");
    assert.equal(freeCidr(["10.0.0.0/8"]), undefined);
  });
});
