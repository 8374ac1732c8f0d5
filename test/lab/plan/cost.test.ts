import assert from "node:assert/strict";
import { costOf, knownHourly } from "../../../lab/plan/cost.ts";
import { prices, pricesReadOn, priceSources } from "../../../lab/prices.ts";
import { recordProgram } from "../../../lab/recorder/record.ts";
import { stackConfig } from "../../../lab/recorder/stack-file.ts";
import { planConfig } from "../../../topology/plan.ts";
import { readSource } from "../../../lab/plan/source.ts";
import { multiLab, singleLab } from "./labs.ts";

/** To a hundredth of a cent per hour. */
function assertDollars(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-4, `${String(actual)} is not ${String(expected)}`);
}

describe("the cost of a lab", () => {
  it("is, for the single lab, what the price list adds up to by hand", () => {
    const { hourly, items } = costOf(singleLab());
    // Control plane, two t3.large, 2 x 20 GiB of gp3, one NLB, and an address for 2 nodes and for 2 zones of the NLB.
    assertDollars(hourly, 0.1 + 2 * 0.0832 + (40 * 0.08) / 730 + 0.0225 + 4 * 0.005);
    assert.deepEqual(
      items.map((item) => [item.item, item.quantity]),
      [
        ["EKS control plane", 1],
        ["nodes", 2],
        ["gp3 volume", 40],
        ["network load balancer", 1],
        ["public IPv4 address", 4],
      ],
    );
  });

  it("is, for the multi lab, twice two load balancers, and the same price in both regions", () => {
    const { hourly, items } = costOf(multiLab());
    assertDollars(hourly, 2 * (0.1 + 2 * 0.0832 + (40 * 0.08) / 730 + 2 * 0.0225 + 6 * 0.005));
    assertDollars(knownHourly(items.filter((item) => item.cluster === "east")), 0.345784);
  });

  it("is, with one host for both clusters, that of a health check for each more", () => {
    const ingress = { global: "route53", hostedZone: "lab.example", host: "www.lab.example" };
    const { hourly } = costOf(planConfig({ model: "multi-primary", ingress }));
    assertDollars(hourly, (costOf(planConfig({ model: "multi-primary" })).hourly ?? 0) + (2 * 1.5) / 730);
  });

  it("counts Tokyo's own prices", () => {
    const { hourly } = costOf(planConfig({ model: "single", region: "ap-northeast-1" }));
    assertDollars(hourly, 0.1 + 2 * 0.1088 + (40 * 0.096) / 730 + 0.0243 + 4 * 0.005);
  });

  it("takes spot nodes at the price on demand, as the most they can cost, and the dearest of several types", () => {
    const nodes = { capacityType: "SPOT", instanceTypes: ["t3.large", "m5.large"], count: 3 };
    const item = costOf(planConfig({ model: "single", nodes })).items.find((each) => each.item === "nodes");
    assertDollars(item?.hourly ?? null, 3 * 0.096);
    assert.match(item?.detail ?? "", /^t3\.large or m5\.large, spot: at most/);
  });

  it("adds the NAT gateway of private nodes and its address, and takes away the nodes' own", () => {
    const lab = singleLab();
    const clusters = lab.clusters.map((each) => ({
      ...each,
      nodes: { ...each.nodes, private: true },
      vpc: { ...each.vpc, nat: true },
    }));
    const { items } = costOf({ ...lab, clusters });
    const quantity = (kind: string) => items.find((item) => item.item === kind)?.quantity;
    assert.equal(quantity("NAT gateway"), 1);
    assert.equal(quantity("public IPv4 address"), 3);
  });

  it("knows no price in a region that is not in the file, and then gives no sum", () => {
    const { hourly, items } = costOf(planConfig({ model: "single", region: "eu-west-1" }));
    assert.equal(hourly, null);
    assert.ok(items.length > 4);
    for (const item of items) assert.deepEqual([item.unitPrice, item.hourly], [null, null]);
  });

  it("knows no price of an instance type that is not in the file, but those of everything else", () => {
    const { hourly, items } = costOf(planConfig({ model: "single", nodes: { instanceTypes: ["c5.large"] } }));
    assert.equal(hourly, null);
    assert.deepEqual(
      items.filter((item) => item.hourly === null).map((item) => item.item),
      ["nodes"],
    );
    assertDollars(knownHourly(items), 0.1 + (40 * 0.08) / 730 + 0.0225 + 4 * 0.005);
  });

  for (const stack of ["single", "multi", "single-ha", "global-ingress"]) {
    it(`prices what the program makes: ${stack}`, async () => {
      const { raw, file } = readSource({ stack });
      const { items } = costOf(planConfig(raw));
      const graph = await recordProgram({ stack, config: await stackConfig(file), preview: true });
      const total = (kind: string) =>
        items.filter((item) => item.item === kind).reduce((sum, item) => sum + item.quantity, 0);
      const desired = graph.byType("eks:index:ManagedNodeGroup").map((node) => {
        const scaling = node.inputs["scalingConfig"] as { desiredSize: number };
        return scaling.desiredSize;
      });
      const balancers = graph.byType("kubernetes:core/v1:Service").filter((node) => {
        const spec = node.inputs["spec"] as { type?: string };
        return spec.type === "LoadBalancer";
      });
      assert.equal(total("EKS control plane"), graph.byType("eks:index:Cluster").length);
      assert.equal(
        total("nodes"),
        desired.reduce((sum, count) => sum + count, 0),
      );
      assert.equal(total("network load balancer"), balancers.length);
      assert.equal(total("NAT gateway"), graph.byType("aws:ec2/natGateway:NatGateway").length);
      assert.equal(total("Route 53 health check"), graph.byType("aws:route53/healthCheck:HealthCheck").length);
    });
  }

  it("has a dated price file with sources, for the three regions", () => {
    assert.match(pricesReadOn, /^\d{4}-\d{2}-\d{2}$/);
    assert.ok(priceSources.every((source) => source.startsWith("https://")));
    assert.deepEqual(Object.keys(prices).toSorted(), ["ap-northeast-1", "us-east-1", "us-west-2"]);
  });
});
