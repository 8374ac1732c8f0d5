import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NullRuntime } from "../../aws/runtime.ts";
import type { LedgerSnapshot } from "../../aws/runtime.ts";
import { Lab, refuses } from "./lab.ts";

/** Work that ends when told to. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

describe("the ledger", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "ledger-"));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it("is on disk when a call returns, and reads back as it was", async () => {
    const file = join(dir, "ledger.json");
    const lab = await Lab.open({ file });
    const running = await lab.running();
    await lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster));
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), lab.ledger.resources());
    const again = await Lab.open({ file });
    const { revision: _before, ...before } = lab.ledger.snapshot();
    const { revision: _after, ...after } = again.ledger.snapshot();
    assert.deepEqual(after, before);
    await again.delete("nodeGroup", running.nodeGroup);
  });

  it("forgets after a crash what was only being made, so that the next program finds no trace of it", async () => {
    const file = join(dir, "ledger.json");
    class Hanging extends NullRuntime {
      override createCluster(cluster: Parameters<NullRuntime["createCluster"]>[0]) {
        return cluster.name === "west" ? new Promise<never>(() => undefined) : super.createCluster(cluster);
      }
      override createNodeGroup() {
        return new Promise<never>(() => undefined);
      }
    }
    const lab = await Lab.open({ file, runtime: () => new Hanging() });
    const network = await lab.network();
    const inputs = await lab.clusterInputs(network);
    const nodes = await lab.nodeGroupInputs(network);
    await lab.make("cluster", inputs);
    const before = lab.ledger.resources().length;
    void lab.make("nodeGroup", nodes);
    void lab.make("cluster", { ...inputs, name: "west" });
    await sleep(50);
    assert.ok(lab.ledger.resources().length > before);
    const again = await Lab.open({ file });
    assert.equal(again.ledger.resources().length, before);
    await again.make("cluster", { ...inputs, name: "west" });
  });

  it("says which file it cannot read", async () => {
    const file = join(dir, "ledger.json");
    writeFileSync(file, "[{");
    await assert.rejects(Lab.open({ file }), /cannot read the ledger .*ledger\.json/);
  });

  it("hands the runtime one snapshot after the other, the latest of a burst, and none that says nothing new", async () => {
    const seen: LedgerSnapshot[] = [];
    let busy = 0;
    class Watching extends NullRuntime {
      override async reconcile(snapshot: LedgerSnapshot) {
        assert.equal(++busy, 1, "rounds overlap");
        seen.push(snapshot);
        await sleep(5);
        busy--;
      }
    }
    const lab = await Lab.open({ runtime: () => new Watching() });
    const first = seen.length;
    const blocks = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"];
    await Promise.all(blocks.map((cidrBlock) => lab.make("vpc", { cidrBlock })));
    assert.equal(seen.at(-1)?.vpcs.length, 3);
    assert.ok(seen.length - first <= 2, `${seen.length - first} rounds for a burst of three`);
    const before = seen.length;
    await lab.role("ec2.amazonaws.com", []);
    assert.equal(seen.length, before, "roles are nothing to the network");
  });

  it("fails the call whose change cannot be made real, and tries again with the next one", async () => {
    let broken = true;
    class Flaky extends NullRuntime {
      override reconcile(snapshot: LedgerSnapshot) {
        return broken && snapshot.vpcs.length > 0
          ? Promise.reject(new Error("no such device"))
          : super.reconcile(snapshot);
      }
    }
    const runtime = new Flaky();
    const lab = await Lab.open({ runtime: () => runtime });
    await assert.rejects(lab.make("vpc", { cidrBlock: "10.1.0.0/16" }), /no such device/);
    broken = false;
    await lab.make("vpc", { cidrBlock: "10.2.0.0/16" });
    assert.equal(runtime.last?.vpcs.length, 2);
  });

  it("goes on with other calls while a cluster starts", async () => {
    const gate = new Gate();
    class Slow extends NullRuntime {
      override async createCluster(cluster: Parameters<NullRuntime["createCluster"]>[0]) {
        await gate.opened;
        return super.createCluster(cluster);
      }
    }
    const lab = await Lab.open({ runtime: () => new Slow() });
    const network = await lab.network();
    const inputs = await lab.clusterInputs(network);
    const starting = lab.make("cluster", inputs);
    await lab.make("vpc", { cidrBlock: "10.20.0.0/16" });
    assert.equal(lab.ledger.snapshot().clusters[0]?.status, "CREATING");
    await refuses(() => lab.make("cluster", inputs), "ResourceInUseException", /already exists/);
    gate.open();
    await starting;
    assert.equal(lab.ledger.snapshot().clusters[0]?.status, "ACTIVE");
  });

  it("lets a refused deletion wait for one that is under way, and no longer", async () => {
    const gate = new Gate();
    class Slow extends NullRuntime {
      override async deleteNodeGroup() {
        await gate.opened;
      }
    }
    const lab = await Lab.open({ runtime: () => new Slow() });
    const { nodeGroup, cluster, subnets } = await lab.running();
    const order: string[] = [];
    const group = lab.delete("nodeGroup", nodeGroup).then(() => order.push("node group"));
    const whole = lab.delete("cluster", cluster).then(() => order.push("cluster"));
    const subnet = lab.delete("subnet", subnets[0] ?? "").then(() => order.push("subnet"));
    await sleep(20);
    assert.deepEqual(order, []);
    gate.open();
    await Promise.all([group, whole, subnet]);
    assert.deepEqual(order, ["node group", "cluster", "subnet"]);
  });

  it("refuses two deletions that wait for each other instead of waiting for ever", async () => {
    const lab = await Lab.open();
    const { vpc, igw } = await lab.network();
    const both = await Promise.allSettled([lab.delete("vpc", vpc), lab.delete("vpc", vpc)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    await lab.delete("igw", igw);
  });

  it("gives tokens for clusters that are there", async () => {
    const lab = await Lab.open();
    await refuses(() => lab.ledger.token("east", { region: lab.region }), "ResourceNotFoundException", /east/);
    await lab.make("cluster", await lab.clusterInputs(await lab.network()));
    assert.equal((await lab.ledger.token("east", { region: lab.region })).token, "null.east");
  });
});

describe("functions", () => {
  it("list a region's zones, without those excluded or filtered out", async () => {
    const lab = (await Lab.open()).in("us-east-1");
    const zones = (args: object) => lab.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { ...args });
    assert.deepEqual(
      zones({})["names"],
      ["a", "b", "c", "d", "e", "f"].map((letter) => `us-east-1${letter}`),
    );
    assert.equal((zones({})["zoneIds"] as string[])[0], "use1-az3");
    const usable = zones({
      state: "available",
      excludeZoneIds: ["use1-az3", "usw1-az2", "cac1-az3"],
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    assert.deepEqual((usable["names"] as string[]).slice(0, 2), ["us-east-1b", "us-east-1c"]);
    assert.deepEqual(zones({ filters: [{ name: "opt-in-status", values: ["opted-in"] }] })["names"], []);
    assert.deepEqual(
      zones({ region: "ap-northeast-1" })["names"],
      ["a", "c", "d"].map((z) => `ap-northeast-1${z}`),
    );
    await refuses(() => zones({ filters: [{ name: "colour", values: [] }] }), "InvalidParameterValue", /'colour'/);
    await refuses(() => zones({ region: "us-east-9" }), "InvalidRegion", /'us-east-9' does not exist/);
  });

  it("say who calls, where, and which add-on version is the latest", async () => {
    const lab = await Lab.open();
    assert.equal(lab.invoke("aws:index/getPartition:getPartition")["partition"], "aws");
    assert.equal(lab.invoke("aws:index/getRegion:getRegion")["region"], lab.region);
    assert.equal(lab.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"], "123456789012");
    const latest = (addonName: string) =>
      lab.invoke("aws:eks/getAddonVersion:getAddonVersion", { addonName, kubernetesVersion: "1.36", mostRecent: true });
    const { version } = latest("kube-proxy");
    await lab.make("cluster", await lab.clusterInputs(await lab.network(), { bootstrapSelfManagedAddons: false }));
    await lab.make("addon", { clusterName: "east", addonName: "kube-proxy", addonVersion: version });
    await refuses(() => latest("kubeproxy"), "InvalidParameterException", /kubeproxy specified is not supported/);
  });

  it("write policy documents that IAM takes", async () => {
    const lab = await Lab.open();
    const principals = [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }];
    const conditions = [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }];
    const { json } = lab.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [{ actions: ["sts:AssumeRole", "sts:TagSession"], principals, conditions }],
    });
    assert.deepEqual(JSON.parse(String(json)), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Principal: { Service: "ec2.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "1" } },
        },
      ],
    });
    await lab.make("role", { assumeRolePolicy: json });
  });
});
