import assert from "node:assert/strict";
import { containsCidr } from "cidr-tools";
import fc from "fast-check";
import { draftLab } from "../../topology/drafts.ts";
import { checkConfig, planLab } from "../../topology/plan.ts";
import {
  deriveEastWestGateways,
  deriveIstiodGateways,
  deriveRemoteSecrets,
  isExternalControlPlane,
  pairsOf,
  rolesOf,
} from "../../topology/queries.ts";
import { invalidConfigs, mutations, overlaps, relatedClusters, validConfigs } from "./arbitraries.ts";

const runs = { numRuns: 1_000 };

describe("laws of planning, over 1,000 random configurations each", function () {
  this.timeout(60_000);

  it("every valid configuration plans", () => {
    fc.assert(
      fc.property(validConfigs, (config) => {
        const { issues, plan } = checkConfig(config);
        assert.deepEqual(issues, []);
        assert.ok(plan !== undefined);
        assert.equal(plan.clusters.length, config.clusters?.length);
      }),
      runs,
    );
  });

  it("every mistake is refused with its code, before anything is planned", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(invalidConfigs, ({ code, config }) => {
        seen.add(code);
        const { issues, plan } = checkConfig(config);
        assert.ok(
          issues.some((issue) => issue.code === code),
          `${code} not in ${JSON.stringify(issues)}`,
        );
        assert.equal(plan, undefined);
      }),
      runs,
    );
    assert.deepEqual([...seen].sort(), Object.keys(mutations).sort(), "some mistake was never tried");
  });

  it("subnets lie in their VPC, apart from each other and from the Services", () => {
    fc.assert(
      fc.property(validConfigs, (config) => {
        for (const { vpc, zones, serviceCidr } of planLab(config).clusters) {
          const blocks = vpc.subnets.map(({ cidr }) => cidr);
          assert.equal(blocks.length, zones * (vpc.nat ? 2 : 1));
          for (const block of blocks) assert.ok(containsCidr(vpc.cidr, block), `${block} is not in ${vpc.cidr}`);
          for (const [a, b] of pairsOf(blocks)) assert.ok(!overlaps(a, b), `${a} overlaps ${b}`);
          assert.ok(!overlaps(vpc.cidr, serviceCidr));
        }
      }),
      runs,
    );
  });

  it("no two VPCs of one network overlap where the rule about it is silent", () => {
    fc.assert(
      fc.property(relatedClusters, (clusters) => {
        const config = { clusters, networkLink: "peering" as const };
        if (checkConfig(config).issues.some(({ code }) => code === "cidr-overlap")) return;
        const workloads = draftLab(config).clusters.filter((cluster) => !isExternalControlPlane(cluster));
        for (const [a, b] of pairsOf(workloads).filter(([a, b]) => a.network === b.network))
          assert.ok(!overlaps(a.cidr, b.cidr), `${a.name} and ${b.name}`);
      }),
      runs,
    );
  });

  it("a plan survives JSON", () => {
    fc.assert(
      fc.property(validConfigs, (config) => {
        const plan = planLab(config);
        assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
      }),
      runs,
    );
  });

  it("the order of the records does not matter", () => {
    fc.assert(
      fc.property(validConfigs, (config) => {
        const reversed = { ...config, clusters: (config.clusters ?? []).toReversed() };
        assert.deepEqual(planLab(reversed), planLab(config));
      }),
      runs,
    );
  });

  it("a further cluster moves no other: same VPC, names, gateways and control plane", () => {
    fc.assert(
      fc.property(validConfigs, fc.constantFrom("aaa-first", "zzz-last"), (config, name) => {
        const before = planLab({ ...config, clusters: [...(config.clusters ?? []), { name: "mmm-second" }] });
        const after = planLab({ ...config, clusters: [...(config.clusters ?? []), { name: "mmm-second" }, { name }] });
        for (const cluster of before.clusters) {
          const same = after.clusters.find((each) => each.name === cluster.name);
          // Which version of helloworld a cluster runs goes by position; a workload may be replaced, a cluster not.
          assert.deepEqual({ ...same, samples: [] }, { ...cluster, samples: [] });
        }
      }),
      runs,
    );
  });

  it("every reference in a plan leads somewhere", () => {
    fc.assert(
      fc.property(validConfigs, (config) => {
        const plan = planLab(config);
        const names = plan.clusters.map(({ name }) => name);
        const named = [
          ...plan.clusters.flatMap(({ primary, config }) => [primary, config]),
          ...plan.remoteSecrets.flatMap(({ from, to }) => [from, to]),
          ...plan.eastWestGateways,
          ...plan.istiodGateways,
          ...plan.open.map(({ cluster }) => cluster),
          ...plan.meshes.flatMap(({ clusters }) => clusters),
        ];
        assert.deepEqual(
          named.filter((name) => !names.includes(name)),
          [],
        );
        for (const cluster of plan.clusters) assert.ok(plan.meshes.some(({ name }) => name === cluster.mesh));
      }),
      runs,
    );
  });

  it("holds for every model: who reads whom, and where gateways stand", () => {
    fc.assert(
      fc.property(relatedClusters, (records) => {
        const config = { clusters: records };
        const unsound = ["dangling-primary", "chained-primary", "dangling-config", "misplaced-config"];
        fc.pre(!checkConfig(config).issues.some(({ code }) => unsound.includes(code)));
        const { clusters } = draftLab(config);
        const secrets = deriveRemoteSecrets(clusters);
        const external = clusters.filter(isExternalControlPlane).map(({ name }) => name);
        assert.deepEqual(
          secrets.filter(({ from, to }) => from === to || external.includes(from)),
          [],
        );
        // The configuration of each external control plane is read with exactly one secret of that type.
        assert.deepEqual(
          secrets
            .filter(({ type }) => type === "config")
            .map(({ to }) => to)
            .sort(),
          external.sort(),
        );
        assert.deepEqual(
          deriveEastWestGateways(clusters).filter((name) => external.includes(name)),
          [],
        );
        for (const name of deriveIstiodGateways(clusters))
          assert.ok(clusters.some(({ primary, name: other }) => primary === name && other !== name));
        for (const cluster of clusters) assert.ok(rolesOf(clusters, cluster).length > 0);
      }),
      { ...runs, maxSkipsPerRun: 1_000 },
    );
  });
});
