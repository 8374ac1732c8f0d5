import assert from "node:assert/strict";
import { field, source } from "../../policy/laws/law.ts";
import { validate } from "../istio/validate.ts";
import { planned } from "../istio/plans.ts";
import { meshObjects } from "../../istio/objects.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { primaries, recordConfig } from "./record.ts";

const ingress = { global: "route53", hostedZone: "lab.example", host: "www.lab.example" } as const;
const three: LabConfig = { clusters: primaries("east", "west", "north"), ingress };
const recordType = "aws:route53/record:Record";
const checkType = "aws:route53/healthCheck:HealthCheck";

describe("GlobalIngress", () => {
  it("gives each cluster an equal share of one host, as long as its own gateway is healthy", async () => {
    const graph = await recordConfig(three);
    const records = graph.byType(recordType);
    assert.deepEqual(
      records.map(({ inputs }) => [inputs["name"], inputs["type"], inputs["setIdentifier"], inputs["ttl"]]),
      ["east", "north", "west"].map((cluster) => ["www.lab.example", "CNAME", cluster, 10]),
    );
    for (const record of records) {
      const cluster = record.inputs["setIdentifier"] as string;
      assert.deepEqual(record.inputs["weightedRoutingPolicies"], [{ weight: 100 }]);
      assert.deepEqual(record.inputs["records"], [`${cluster}-ingress.elb.fake`]);
      assert.equal(source(graph, record, "healthCheckId")?.inputs["fqdn"], `${cluster}-ingress.elb.fake`);
      assert.equal(record.inputs["zoneId"], "(hosted zone lab.example)");
    }
  });

  it("is asked for through one provider, since Route 53 has no regions", async () => {
    const graph = await recordConfig(three);
    const providers = [...graph.byType(recordType), ...graph.byType(checkType)].map(({ provider }) => provider);
    assert.deepEqual([...new Set(providers)], [graph.named("lab-ap-northeast-1").urn]);
    assert.deepEqual(
      graph.invokes.filter(({ token }) => token.includes("route53")).map(({ provider }) => provider),
      [graph.named("lab-ap-northeast-1").urn],
    );
  });

  it("checks as quickly as Route 53 can, at a path that the gateways answer by themselves", async () => {
    const graph = await recordConfig(three);
    for (const { inputs } of graph.byType(checkType)) {
      assert.deepEqual(
        [inputs["type"], inputs["port"], inputs["requestInterval"], inputs["failureThreshold"]],
        ["HTTP", 80, 10, 3],
      );
    }
    const { lab, cluster } = planned(three, "west");
    const route = meshObjects(lab, cluster).find(({ kind }) => kind === "VirtualService");
    assert.ok(route);
    validate(route);
    // Checkers name the load balancer in their Host header, not the host that users call.
    assert.deepEqual(field(route, "spec", "hosts"), ["*"]);
    assert.deepEqual(field(route, "spec", "http"), [
      {
        match: [{ uri: { exact: graph.byType(checkType)[0]?.inputs["resourcePath"] } }],
        directResponse: { status: 200 },
      },
    ]);
  });

  it("leads to no cluster without an ingress gateway, and to no external control plane", async () => {
    const [east = { name: "" }, west = { name: "" }, north = { name: "" }] = primaries("east", "west", "north");
    const closed = await recordConfig({ clusters: [east, west, { ...north, gateways: { ingress: false } }], ingress });
    assert.deepEqual(clustersOf(closed), ["east", "west"]);
    const external: LabConfig = {
      clusters: [
        { ...east, config: "west" },
        { ...west, primary: "east" },
        { ...north, primary: "east" },
      ],
      ingress,
    };
    const graph = await recordConfig(external);
    assert.deepEqual(clustersOf(graph), ["north", "west"]);
    // The one istiod of both gateways reads its objects in the config cluster.
    assert.deepEqual(
      graph.nodes.filter(({ name }) => name.endsWith("global-ingress-health")).map(({ name }) => name),
      ["west-mesh-global-ingress-health"],
    );
  });

  it("is not there unless it is asked for", async () => {
    const graph = await recordConfig({ model: "multi-primary" });
    assert.deepEqual(graph.byType(recordType), []);
    assert.deepEqual(
      graph.nodes.filter(({ name }) => name.includes("global-ingress")),
      [],
    );
  });
});

function clustersOf(graph: Awaited<ReturnType<typeof recordConfig>>): unknown[] {
  return graph.byType(recordType).map(({ inputs }) => inputs["setIdentifier"]);
}
