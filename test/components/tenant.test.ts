import assert from "node:assert/strict";
import { field } from "../../policy/laws/law.ts";
import { recordConfig } from "./record.ts";

describe("Tenant", () => {
  const tenants = [{ name: "blue", callers: ["red"] }, { name: "red" }];

  it("starts nothing before all that keeps it apart is there", async () => {
    const graph = await recordConfig({ mesh: { cni: true }, tenants });
    const inBlue = graph.subtreeOf(graph.named("primary-tenant-blue", "istio-lab:workload:Tenant"));
    const deployments = inBlue.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");
    const bounds = inBlue.filter(({ type }) => /Policy|Quota|Role|Sidecar|Authentication|Namespace/.test(type));
    assert.equal(deployments.length, 2);
    assert.ok(bounds.length >= 12, String(bounds.length));
    for (const deployment of deployments)
      for (const bound of bounds) assert.ok(graph.dependsTransitively(deployment, bound), bound.urn);
  });

  it("lives where its cluster's record says", async () => {
    const clusters = [
      { name: "east", region: "us-east-1", cidr: "10.10.0.0/16", tenants: ["blue"] },
      { name: "west", region: "us-west-2", cidr: "10.20.0.0/16" },
    ];
    const graph = await recordConfig({ clusters, tenants });
    const names = graph.byType("istio-lab:workload:Tenant").map(({ name }) => name);
    assert.deepEqual(names.sort(), ["east-tenant-blue", "west-tenant-blue", "west-tenant-red"]);
    const namespace = graph.named("east-tenant-blue", "kubernetes:core/v1:Namespace");
    assert.equal(field(namespace.inputs, "metadata", "name"), "blue");
  });
});
