import assert from "node:assert/strict";
import { configOfDocument } from "../../topology/import.ts";
import { checkConfig } from "../../topology/plan.ts";

const records = [
  { kind: "Kubernetes", clusterName: "a", network: "n1", podSubnet: "10.10.0.0/16", svcSubnet: "10.255.10.0/24" },
  { clusterName: "b", network: "n2", podSubnet: "10.20.0.0/16", svcSubnet: "10.255.20.0/24", meta: { fakeVM: false } },
];
const ours = [
  { name: "a", network: "n1", cidr: "10.10.0.0/16", serviceCidr: "10.255.10.0/24" },
  { name: "b", network: "n2", cidr: "10.20.0.0/16", serviceCidr: "10.255.20.0/24" },
];

describe("documents that lab plan takes", () => {
  it("a bare list in Istio's words is a list of clusters, and plans", () => {
    assert.deepEqual(configOfDocument(records), { clusters: ours });
    assert.deepEqual(checkConfig(configOfDocument(records)).issues, []);
  });

  it("a list under `clusters` keeps what stands beside it", () => {
    const document = { clusters: records, mesh: { version: "1.31.1" } };
    assert.deepEqual(configOfDocument(document), { clusters: ours, mesh: { version: "1.31.1" } });
  });

  it("primaryClusterName and configClusterName become primary and config", () => {
    const [record] = (
      configOfDocument([{ clusterName: "r", primaryClusterName: "p", configClusterName: "c" }]) as {
        clusters: unknown[];
      }
    ).clusters;
    assert.deepEqual(record, { name: "r", primary: "p", config: "c" });
  });

  it("clusters of one network are joined, as in Istio's tests; an external control plane needs no joining", () => {
    const shared = records.map((record) => ({ ...record, network: "n1" }));
    assert.deepEqual(configOfDocument(shared), {
      networkLink: "peering",
      clusters: ours.map((record) => ({ ...record, network: "n1" })),
    });
    const external = [
      { clusterName: "x", network: "n1", primaryClusterName: "x", configClusterName: "c" },
      { clusterName: "c", network: "n1", primaryClusterName: "x", configClusterName: "c" },
    ];
    assert.equal("networkLink" in (configOfDocument(external) as object), false);
  });

  it("an external control plane with two remotes plans, in whatever order its records stand", () => {
    const served = { primaryClusterName: "x", configClusterName: "c", meta: { fakeVM: false } };
    const records = [
      {
        kind: "Kubernetes",
        clusterName: "c",
        podSubnet: "10.20.0.0/16",
        svcSubnet: "10.255.20.0/24",
        network: "n1",
        ...served,
      },
      {
        kind: "Kubernetes",
        clusterName: "r",
        podSubnet: "10.30.0.0/16",
        svcSubnet: "10.255.30.0/24",
        network: "n2",
        ...served,
      },
      {
        kind: "Kubernetes",
        clusterName: "x",
        podSubnet: "10.10.0.0/16",
        svcSubnet: "10.255.10.0/24",
        network: "n1",
        ...served,
      },
    ];
    for (const document of [records, records.slice(0, 1).concat(records.slice(2)), records.toReversed()])
      assert.deepEqual(checkConfig(configOfDocument(document)).issues, []);
  });

  it("a stack file gives its istio-lab: keys", () => {
    const document = { config: { "aws:region": "us-east-1", "istio-lab:region": "eu-west-1" } };
    assert.deepEqual(configOfDocument(document), { region: "eu-west-1" });
  });

  it("a stack file without keys of the lab, as `pulumi stack init` writes it, is an empty configuration", () => {
    assert.deepEqual(configOfDocument({ encryptionsalt: "v1:abc" }), {});
    assert.deepEqual(configOfDocument({ config: null }), {});
    assert.deepEqual(configOfDocument({ secretsprovider: "awskms://alias/lab", encryptedkey: "x", config: {} }), {});
    assert.deepEqual(configOfDocument({ clusters: [] }), { clusters: [] });
  });

  it("an unknown key is left for the schema to refuse", () => {
    const { issues } = checkConfig(configOfDocument([{ clusterName: "a", podsSubnet: "10.10.0.0/16" }]));
    assert.deepEqual(
      issues.map(({ code, path }) => ({ code, path })),
      [{ code: "type", path: "clusters[0].podsSubnet" }],
    );
  });
});
