import assert from "node:assert/strict";
import { checkConfig, planLab } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";
import type { ClusterPlan, GatewayPlan } from "../../topology/types.ts";
import { draftLab } from "../../topology/drafts.ts";
import { planCluster } from "../../topology/clusters.ts";

const multi: LabConfig = { model: "multi-primary", samples: ["helloworld", "curl"] };

const gatewaysOf = (config: LabConfig): Record<string, string[]> => {
  const drafts = draftLab(config);
  const show = (gateway: GatewayPlan): string =>
    `${gateway.kind} x${gateway.replicas} ${gateway.exposure} ${gateway.ports.map(({ port }) => port).join(",")}`;
  return Object.fromEntries(drafts.clusters.map((each) => [each.name, planCluster(drafts, each).gateways.map(show)]));
};

const cluster = (config: LabConfig, name: string): ClusterPlan => {
  const found = planLab(config).clusters.find((each) => each.name === name);
  assert.ok(found);
  return found;
};

describe("the plan", () => {
  it("of nothing at all is one cluster", () => {
    const { clusters } = planLab({});
    assert.deepEqual(
      clusters.map(({ name, region, roles }) => ({ name, region, roles })),
      [{ name: "primary", region: "us-east-1", roles: ["primary"] }],
    );
  });

  it("gives each model the gateways of its page, with no port that nobody needs", () => {
    assert.deepEqual(gatewaysOf({ model: "single" }), { primary: ["ingress x1 internet 80,443"] });
    assert.deepEqual(gatewaysOf({ model: "single", gateways: { ingress: false, egress: true } }), {
      primary: ["egress x1 none 80,443"],
    });
    assert.deepEqual(gatewaysOf(multi), {
      east: ["ingress x1 internet 80,443", "east-west x2 internet 15443"],
      west: ["ingress x1 internet 80,443", "east-west x2 internet 15443"],
    });
    assert.deepEqual(gatewaysOf({ model: "multi-primary", eastWest: { exposure: "peering" } })["east"], [
      "ingress x1 internet 80,443",
      "east-west x2 internal 15443",
    ]);
    assert.deepEqual(gatewaysOf({ model: "primary-remote" }), {
      primary: ["ingress x1 internet 80,443", "east-west x2 internet 15443,15012"],
      remote: ["ingress x1 internet 80,443", "east-west x2 internet 15443"],
    });
    // Without an injector of its own the remote's API server calls the primary's webhook.
    assert.deepEqual(gatewaysOf({ model: "primary-remote-one-network", mesh: { localInjector: false } }), {
      primary: ["ingress x1 internet 80,443", "east-west x2 internet 15012,15017"],
      remote: ["ingress x1 internet 80,443"],
    });
    assert.deepEqual(gatewaysOf({ model: "external-control-plane" }), {
      config: ["ingress x1 internet 80,443"],
      external: ["ingress x1 internet 15012,15017"],
    });
  });

  it("says what is open to the world, and to whom", () => {
    const { open } = planLab({ model: "single", ingress: { sourceRanges: ["203.0.113.0/24"] } });
    assert.deepEqual(
      open.map(({ what, ports, sources }) => ({ what, ports, sources })),
      [
        { what: "kubernetes-api", ports: [443], sources: ["0.0.0.0/0"] },
        { what: "istio-ingressgateway", ports: [80, 443], sources: ["203.0.113.0/24"] },
      ],
    );
    assert.equal(open[0]?.why, "kubectl and Pulumi");
    assert.equal(planLab(multi).open[0]?.why, "kubectl and Pulumi, and istiod in west");
    assert.deepEqual(
      planLab(multi).open.map(({ cluster, what }) => `${cluster} ${what}`),
      ["east", "west"].flatMap((name) =>
        ["kubernetes-api", "istio-ingressgateway", "istio-eastwestgateway"].map((what) => `${name} ${what}`),
      ),
    );
  });

  it("fails over between every two regions, and ejects the last local endpoint too", () => {
    const [mesh] = planLab(multi).meshes;
    assert.deepEqual(mesh?.failover, {
      outlierDetection: {
        consecutive5xxErrors: 1,
        interval: "1s",
        baseEjectionTime: "1m",
        maxEjectionPercent: 100,
        minHealthPercent: 1,
      },
      connectTimeout: "500ms",
      perTryTimeout: "1.5s",
      attempts: 5,
      h2UpgradePolicy: "UPGRADE",
      maxRequestsPerConnection: 100,
      updateMergeWindow: "0s",
      regions: [
        { from: "us-east-1", to: "us-west-2" },
        { from: "us-west-2", to: "us-east-1" },
      ],
    });
  });

  it("has no failover where there is one cluster, or where it is switched off", () => {
    assert.equal("failover" in (planLab({}).meshes[0] ?? {}), false);
    assert.equal("failover" in (planLab({ ...multi, failover: { enabled: false } }).meshes[0] ?? {}), false);
  });

  it("keeps what the stack file says of failover and fills in the rest", () => {
    const [mesh] = planLab({
      ...multi,
      failover: { outlierDetection: { maxEjectionPercent: 10 }, attempts: 2 },
    }).meshes;
    assert.equal(mesh?.failover?.outlierDetection.maxEjectionPercent, 10);
    assert.equal(mesh.failover.outlierDetection.interval, "1s");
    assert.equal(mesh.failover.attempts, 2);
  });

  it("runs one version of helloworld per cluster, and both where there is one cluster", () => {
    const versions = (config: LabConfig, name: string) =>
      cluster({ ...config, samples: ["helloworld"] }, name).samples.map((sample) => sample.versions);
    assert.deepEqual(versions(multi, "east"), [["v1"]]);
    assert.deepEqual(versions(multi, "west"), [["v2"]]);
    assert.deepEqual(versions({ model: "single" }, "primary"), [["v1", "v2"]]);
  });

  it("runs two istiods for high availability", () => {
    assert.deepEqual(cluster({}, "primary").controlPlane, { ha: false, replicas: 1 });
    assert.deepEqual(cluster({ controlPlane: { ha: true } }, "primary").controlPlane, { ha: true, replicas: 2 });
  });

  it("lets a cluster overrule the lab, key by key", () => {
    const config: LabConfig = {
      nodes: { count: 3, capacityType: "SPOT" },
      clusters: [{ name: "east", nodes: { count: 4 } }, { name: "west" }],
    };
    const nodes = (name: string) => cluster(config, name).nodes;
    assert.deepEqual([nodes("east").count, nodes("east").capacityType], [4, "SPOT"]);
    assert.deepEqual([nodes("west").count, nodes("west").capacityType], [3, "SPOT"]);
  });

  it("takes an undefined key for an absent one", () => {
    const { nodes } = cluster(
      { nodes: { count: 3 }, clusters: [{ name: "east", nodes: { count: undefined } }] },
      "east",
    );
    assert.equal(nodes.count, 3);
  });

  it("lets a closed API be read through addresses that are known: those of a NAT gateway", () => {
    const closed: LabConfig = { model: "multi-primary", endpoint: { publicAccessCidrs: ["203.0.113.0/24"] } };
    const codes = (config: LabConfig) => new Set(checkConfig(config).issues.map(({ code }) => code));
    assert.deepEqual(codes(closed), new Set(["public-access-cidrs"]));
    const known: LabConfig = { ...closed, nodes: { private: true } };
    assert.deepEqual(codes(known), new Set());
    assert.deepEqual(cluster(known, "east").endpoint.readerNats, ["west"]);
    assert.deepEqual(cluster({ ...known, endpoint: {} }, "east").endpoint.readerNats, [], "open to all anyway");
  });

  it("refuses ranges that would shut out the VPC of a caller that comes over the peering", () => {
    const joined = (sourceRanges: string[]) =>
      checkConfig({ model: "multi-primary", eastWest: { exposure: "peering", sourceRanges } }).issues.map(
        ({ code, path }) => [code, path],
      );
    const refused = [["east-west-source-ranges", "eastWest.sourceRanges"]];
    assert.deepEqual(joined(["10.20.0.0/16"]), refused, "west's gateway does not let east in");
    assert.deepEqual(joined(["10.0.0.0/8"]), []);
  });

  it("knows callers of an ambient gateway by no address, nor who asks for webhooks", () => {
    const ranges = { eastWest: { sourceRanges: ["198.18.0.0/24"] }, nodes: { private: true } };
    const codes = (config: LabConfig) => checkConfig({ ...config, ...ranges }).issues.map(({ code }) => code);
    assert.deepEqual(codes(multi), []);
    assert.deepEqual(codes({ ...multi, mesh: { dataPlane: "ambient" }, experimental: true }), [
      "east-west-source-ranges",
    ]);
    const remote: LabConfig = { model: "primary-remote" };
    assert.deepEqual(codes(remote), []);
    assert.deepEqual(codes({ ...remote, mesh: { localInjector: false } }), ["east-west-source-ranges"]);
  });

  it("knows the architecture of instance types", () => {
    const architecture = (type: string) => cluster({ nodes: { instanceTypes: [type] } }, "primary").nodes.architecture;
    const arm = ["t4g.large", "m7gd.xlarge", "im4gn.large", "a1.large", "g5g.xlarge"];
    assert.deepEqual([...new Set(arm.map(architecture))], ["arm64"]);
    const intel = ["t3.large", "g4dn.xlarge", "m6i.large", "c7a.large", "g5.xlarge"];
    assert.deepEqual([...new Set(intel.map(architecture))], ["x86_64"]);
  });

  it("needs a common root only where several clusters trust each other", () => {
    assert.deepEqual(
      planLab({}).meshes.map(({ sharedRoot, multiNetwork }) => [sharedRoot, multiNetwork]),
      [[false, false]],
    );
    assert.deepEqual(
      planLab(multi).meshes.map(({ sharedRoot, multiNetwork }) => [sharedRoot, multiNetwork]),
      [[true, true]],
    );
  });

  it("judges dates only against the day it is given", () => {
    const old: LabConfig = { kubernetes: { version: "1.34" } };
    const codes = (today?: string) => {
      const { issues, warnings } = checkConfig(old, today === undefined ? {} : { today });
      return [...issues, ...warnings].map(({ code }) => code);
    };
    assert.deepEqual(codes(), []);
    assert.deepEqual(codes("2026-09-01"), []);
    assert.deepEqual(codes("2026-11-23"), ["eks-support-ends"]);
    assert.deepEqual(codes("2026-12-02"), ["eks-support-ends"]);
    assert.deepEqual(codes("2026-12-03"), ["eks-support-ended"]);
  });
});
