import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Network } from "../../components/network.ts";
import { recordProgram } from "../../lab/recorder/record.ts";
import { maxZones, planNetwork } from "../../topology/addressing.ts";
import { field } from "../../policy/laws/law.ts";
import { recordConfig } from "./record.ts";

describe("Network", () => {
  it("gives each zone a public subnet that load balancers find and whose nodes get public addresses", async () => {
    const graph = await recordConfig({ model: "single" });
    const subnets = graph.byType("aws:ec2/subnet:Subnet");
    assert.deepEqual(
      subnets.map(({ name }) => name),
      ["primary-network-public-a", "primary-network-public-b"],
    );
    for (const { inputs } of subnets) {
      assert.equal(inputs["mapPublicIpOnLaunch"], true);
      assert.equal(field(inputs, "tags", "kubernetes.io/role/elb"), "1");
      assert.equal(field(inputs, "tags", "kubernetes.io/role/internal-elb"), "1");
    }
    assert.equal(new Set(subnets.map(({ inputs }) => inputs["availabilityZone"])).size, 2);
    assert.equal(new Set(subnets.map(({ inputs }) => inputs["cidrBlock"])).size, 2);
  });

  it("names nodes by the VPC's DNS", async () => {
    const { inputs } = (await recordConfig({ model: "single" })).named("primary-network-vpc");
    assert.deepEqual([inputs["enableDnsSupport"], inputs["enableDnsHostnames"]], [true, true]);
  });

  it("asks for zones by what EKS can use, and keeps subnets where they are when AWS opens another zone", async () => {
    const graph = await recordConfig({ model: "single" });
    const [call] = graph.invokes;
    assert.deepEqual(call?.inputs["excludeZoneIds"], ["use1-az3", "usw1-az2", "cac1-az3"]);
    assert.equal(call.inputs["state"], "available");
    assert.deepEqual(graph.named("primary-network-public-a", "aws:ec2/subnet:Subnet").options.ignoreChanges, [
      "availabilityZone",
    ]);
  });

  it("sends every subnet to the internet", async () => {
    const graph = await recordConfig({ model: "single", clusters: [{ name: "only", zones: 3 }] });
    const route = graph.named("only-network-internet");
    assert.equal(route.inputs["destinationCidrBlock"], "0.0.0.0/0");
    assert.deepEqual(route.propertyDeps["gatewayId"], [graph.named("only-network-igw").urn]);
    const associated = graph
      .byType("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .map(({ propertyDeps }) => propertyDeps["subnetId"]?.[0]);
    assert.deepEqual(
      associated,
      graph.byType("aws:ec2/subnet:Subnet").map(({ urn }) => urn),
    );
  });

  it("takes as many zones as the planner allows", async () => {
    const graph = await recordConfig({ clusters: [{ name: "wide", zones: maxZones }] });
    const zones = graph.byType("aws:ec2/subnet:Subnet").map(({ inputs }) => inputs["availabilityZone"]);
    assert.equal(new Set(zones).size, maxZones);
  });

  it("says that a region has too few zones, and what to change", async () => {
    const plan = planNetwork("10.10.0.0/16", maxZones + 1, { private: false, nat: false });
    const program = () => void new Network("wide", { plan, tags: {} }, {});
    await assert.rejects(recordProgram({ stack: "test", config: {}, program }), (error) => {
      assert.ok(pulumi.RunError.isInstance(error));
      assert.match(error.message, /offers \d+ availability zones .*needs 6\. Lower `zones`/);
      return true;
    });
  });
});
