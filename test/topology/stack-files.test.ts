import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { configOfDocument } from "../../topology/import.ts";
import { planConfig } from "../../topology/plan.ts";
import type { LabPlan } from "../../topology/types.ts";

const root = new URL("../../", import.meta.url);

async function read(file: string): Promise<{ text: string; lab: LabPlan }> {
  const text = await readFile(new URL(file, root), "utf8");
  return { text, lab: planConfig(configOfDocument(parse(text)), { today: "2026-11-23" }) };
}

const gatewayKinds = (lab: LabPlan): string[][] =>
  lab.clusters.map(({ gateways }) => gateways.map(({ kind, replicas }) => `${kind} x${replicas}`));

describe("the committed stack files", () => {
  for (const file of [
    "Pulumi.single.yaml",
    "Pulumi.multi.yaml",
    "stacks/single-ha.yaml",
    "stacks/tenants.yaml",
    "stacks/cluster-tenancy.yaml",
    "stacks/multi-primary-one-network.yaml",
  ]) {
    it(`${file} plans, names its version once, and holds no salt of anybody's backend`, async () => {
      const { text, lab } = await read(file);
      assert.deepEqual(
        lab.warnings.filter(({ code }) => code !== "reader-sees-secrets"),
        [],
      );
      assert.equal(text.match(/1\.31\.1/g)?.length, 1);
      assert.doesNotMatch(text, /encryptionsalt/);
    });
  }

  it("single: the basic lab, with ingress and egress gateway", async () => {
    const { lab } = await read("Pulumi.single.yaml");
    assert.deepEqual(gatewayKinds(lab), [["ingress x1", "egress x1"]]);
    assert.deepEqual(
      lab.meshes.map(({ profile, version }) => [profile, version]),
      [["demo", "1.31.1"]],
    );
    assert.deepEqual(
      lab.clusters.map(({ samples }) => samples.map(({ name }) => name)),
      [["bookinfo", "curl"]],
    );
    assert.deepEqual(lab.remoteSecrets, []);
  });

  it("multi: the failover lab over two regions and two networks", async () => {
    const { lab } = await read("Pulumi.multi.yaml");
    assert.deepEqual(
      lab.clusters.map(({ name, region, network, roles }) => [name, region, network, roles]),
      [
        ["east", "us-east-1", "network-east", ["primary"]],
        ["west", "us-west-2", "network-west", ["primary"]],
      ],
    );
    assert.deepEqual(
      lab.clusters.map(({ controlPlane }) => controlPlane),
      [
        { ha: true, replicas: 2 },
        { ha: true, replicas: 2 },
      ],
    );
    assert.deepEqual(gatewayKinds(lab), [
      ["ingress x1", "east-west x2"],
      ["ingress x1", "east-west x2"],
    ]);
    assert.deepEqual(
      lab.remoteSecrets.map(({ from, to }) => `${from} -> ${to}`),
      ["west -> east", "east -> west"],
    );
    assert.deepEqual(
      lab.clusters.map(({ samples }) => samples.map(({ name, versions }) => `${name} ${versions.join()}`)),
      [
        ["curl v1", "helloworld v1"],
        ["curl v1", "helloworld v2"],
      ],
    );
    const [mesh] = lab.meshes;
    assert.deepEqual([mesh?.mtls, mesh?.sharedRoot, mesh?.multiNetwork], ["STRICT", true, true]);
    assert.equal(mesh?.failover?.outlierDetection.maxEjectionPercent, 100);
  });

  it("multi-primary-one-network: two joined VPCs and no gateway between them", async () => {
    const { lab } = await read("stacks/multi-primary-one-network.yaml");
    assert.deepEqual(gatewayKinds(lab), [["ingress x1"], ["ingress x1"]]);
    assert.deepEqual(lab.networkLinks, [{ a: "east", b: "west" }]);
    assert.deepEqual(
      lab.clusters.map(({ network, vpc }) => [network, vpc.peers]),
      [
        ["network-1", [{ cluster: "west", cidr: "10.20.0.0/16", admits: "everything" }]],
        ["network-1", [{ cluster: "east", cidr: "10.10.0.0/16", admits: "everything" }]],
      ],
    );
  });

  it("single-ha: two of everything that carries traffic or configuration, and room for it", async () => {
    const { lab } = await read("stacks/single-ha.yaml");
    assert.deepEqual(gatewayKinds(lab), [["ingress x2"]]);
    assert.deepEqual(
      lab.clusters.map(({ controlPlane, nodes }) => [controlPlane?.replicas, nodes.count]),
      [[2, 3]],
    );
  });

  it("tenants: three teams in one cluster, each with its people, and only declared callers", async () => {
    const { lab } = await read("stacks/tenants.yaml");
    const [cluster] = lab.clusters;
    assert.deepEqual(
      cluster?.tenants.map(({ name, callers, mayCall }) => [name, callers, mayCall]),
      [
        [
          "blue",
          [
            { name: "green", paths: [] },
            { name: "red", paths: ["/headers", "/status/*"] },
          ],
          [],
        ],
        ["green", [], ["blue", "red"]],
        ["red", [{ name: "green", paths: [] }], ["blue"]],
      ],
    );
    assert.deepEqual(
      cluster?.access.tenants.map(({ groups }) => groups),
      [["istio-lab-tenant-blue"], ["istio-lab-tenant-green"], ["istio-lab-tenant-red"]],
    );
    assert.deepEqual(gatewayKinds(lab), [[]]);
    assert.equal(lab.meshes[0]?.cni, true);
  });

  it("cluster-tenancy: a cluster for each of two teams, of which one offers a service to the other", async () => {
    const { lab } = await read("stacks/cluster-tenancy.yaml");
    assert.deepEqual(
      lab.clusters.map(({ name, network, tenants }) => [name, network, tenants.map((tenant) => tenant.name)]),
      [
        ["blue", "network-blue", ["blue"]],
        ["red", "network-red", ["red"]],
      ],
    );
    assert.deepEqual(lab.remoteSecrets, []);
    assert.deepEqual(gatewayKinds(lab), [["east-west x2"], []]);
    assert.deepEqual(
      lab.clusters.map(({ exportedHosts }) => exportedHosts),
      [["httpbin.blue.svc.cluster.local"], []],
    );
    assert.deepEqual(
      lab.clusters.map(({ imports }) => imports),
      [
        [],
        [
          {
            host: "httpbin.blue.svc.cluster.local",
            namespace: "blue",
            service: "httpbin",
            port: 8000,
            identity: "spiffe://cluster.local/ns/blue/sa/httpbin",
            gateways: ["blue"],
            exportTo: ["red"],
          },
        ],
      ],
    );
  });
});
