import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NullRuntime } from "../../aws/runtime.ts";
import { Lab, refuses } from "./lab.ts";

describe("network ACLs as a fault", () => {
  let lab: Lab;
  let vpc: string;
  let subnets: string[];
  const denials = (of = lab) => of.ledger.snapshot().networkAclDenials;
  const deny = (request: object = {}) =>
    lab.ledger.networkAcls.deny({
      ...{ id: "cut-1", region: lab.region, subnetIds: subnets, blocks: ["0.0.0.0/0"] },
      ...request,
    });

  beforeEach(async () => {
    lab = await Lab.open();
    ({ vpc, subnets } = await lab.network());
  });

  it("are in the snapshot until they are taken away, however often either is asked for", async () => {
    const blocks = ["198.19.0.7/32", "10.20.0.0/16"];
    await deny({ blocks });
    await deny({ blocks: [...blocks].reverse(), subnetIds: [...subnets].reverse() });
    assert.deepEqual(denials(), [{ id: "cut-1", region: lab.region, vpcId: vpc, subnetIds: subnets, blocks }]);
    for (let turn = 0; turn < 2; turn++) {
      await lab.ledger.networkAcls.allow({ id: "cut-1" });
      assert.deepEqual(denials(), []);
    }
    await deny();
    await lab.ledger.networkAcls.allow({ id: "another" });
    assert.equal(denials().length, 1);
  });

  it("are handed to the runtime before the call returns, and again when that failed", async () => {
    let broken = false;
    class Flaky extends NullRuntime {
      override reconcile(...[snapshot]: Parameters<NullRuntime["reconcile"]>) {
        return broken ? Promise.reject(new Error("no such device")) : super.reconcile(snapshot);
      }
    }
    const runtime = new Flaky();
    lab = await Lab.open({ runtime: () => runtime });
    ({ subnets } = await lab.network());
    broken = true;
    await assert.rejects(deny(), /no such device/);
    broken = false;
    await deny();
    assert.equal(runtime.last?.networkAclDenials.length, 1);
    await lab.ledger.networkAcls.allow({ id: "cut-1" });
    assert.equal(runtime.last.networkAclDenials.length, 0);
  });

  it("last as long as the ledger's file", async () => {
    const dir = mkdtempSync(join(tmpdir(), "ledger-"));
    try {
      const file = join(dir, "ledger.json");
      lab = await Lab.open({ file });
      ({ subnets } = await lab.network());
      await deny();
      const again = await Lab.open({ file });
      assert.deepEqual(denials(again), denials());
      await again.ledger.networkAcls.allow({ id: "cut-1" });
      assert.deepEqual(denials(await Lab.open({ file })), []);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("go with their subnets", async () => {
    await deny();
    await lab.delete("subnet", subnets[0] ?? "");
    assert.deepEqual(denials()[0]?.subnetIds, [subnets[1]]);
    await lab.delete("subnet", subnets[1] ?? "");
    assert.deepEqual(denials(), []);
  });

  it("are refused for subnets that are not there, or not in that region", async () => {
    const gone = "The subnet ID 'subnet-0gone' does not exist";
    await refuses(() => deny({ subnetIds: [...subnets, "subnet-0gone"] }), "InvalidSubnetID.NotFound", gone);
    await refuses(() => deny({ region: "us-east-1" }), "InvalidSubnetID.NotFound", /does not exist/);
    assert.deepEqual(denials(), []);
  });

  it("are refused for blocks that are none, and for more than an ACL has room for", async () => {
    for (const block of ["198.19.0.7", "10.0.0.1/16", "10.0.0.0/33", "::/0"]) {
      const words = `Value (${block}) for parameter cidrBlock is invalid.`;
      await refuses(() => deny({ blocks: ["10.0.0.0/8", block] }), "InvalidParameterValue", words);
    }
    const blocks = (count: number) => Array.from({ length: count }, (_, index) => `10.${index}.0.0/16`);
    await refuses(() => deny({ blocks: blocks(19) }), "NetworkAclEntryLimitExceeded", /19 blocks are more than the 18/);
    assert.deepEqual(denials(), []);
    await deny({ blocks: [...blocks(18), "10.0.0.0/16"] });
    assert.equal(denials()[0]?.blocks.length, 18, "one that is named twice counts once");
  });

  it("are refused where something is left out or of another type", async () => {
    for (const request of [
      ...[{ id: "" }, { id: 7 }, { region: undefined }, { subnetIds: [] }, { subnetIds: subnets[0] }],
      ...[{ blocks: [] }, { blocks: undefined }, { blocks: [7] }],
    ]) {
      const [name] = Object.keys(request);
      await refuses(() => deny(request), "MissingParameter", `The request must contain the parameter ${String(name)}`);
    }
  });

  it("are one to a subnet, and for subnets of one VPC", async () => {
    const [first = "", second = ""] = subnets;
    await deny({ subnetIds: [first] });
    await refuses(() => deny({ id: "cut-2" }), "InvalidParameterValue", /has the network ACL of 'cut-1'/);
    await deny({ id: "cut-2", subnetIds: [second] });
    const other = await lab.network({ cidr: "10.20.0.0/16" });
    await refuses(
      () => deny({ id: "cut-3", subnetIds: [other.subnets[0], first] }),
      "InvalidParameterValue",
      /cannot have one network ACL/,
    );
  });

  it("do not change under their id", async () => {
    await deny();
    for (const request of [{ blocks: ["10.0.0.0/8"] }, { subnetIds: [subnets[0]] }]) {
      await refuses(() => deny(request), "IdempotentParameterMismatch", /denies other blocks or other subnets already/);
    }
  });
});
