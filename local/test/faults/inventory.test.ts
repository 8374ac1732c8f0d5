import assert from "node:assert/strict";
import { assertNothingTwice, assertSame, differences, surplus, withoutChance } from "../../faults/inventory.ts";

describe("an inventory", () => {
  it("tells what is there twice, extra or missing", () => {
    assert.deepEqual(surplus(["a", "a", "b"], ["a", "b"]), ["a"]);
    assert.doesNotThrow(() => assertSame(["a", "b"], ["b", "a"]));
    for (const seen of [["a", "a", "b"], ["a"], ["a", "b", "c"], ["a", "c"]]) {
      assert.throws(() => assertSame(seen, ["a", "b"]), assert.AssertionError);
    }
  });

  it("shows of a difference only where it is", () => {
    const subnet = (open: boolean, zone: string) =>
      `account: us-east-1 aws:ec2/subnet:Subnet {"arn":"${"x".repeat(200)}","zone":"${zone}","open":${String(open)}}`;
    const seen = [subnet(false, "b"), "east: Secret a extra"];
    const [changed = "", ...others] = differences(seen, [subnet(true, "a"), subnet(true, "b"), "state: urn:gone"]);
    assert.match(
      changed,
      /^ {2}~ account: us-east-1 aws:ec2\/subnet:Subnet: ….*"open":false}\n {4}instead of ….*"open":true}$/,
    );
    assert.deepEqual(
      others.map((line) => line.slice(0, 16)),
      ["  + east: Secret", "  - account: us-", "  - state: urn:g"],
    );
    assert.deepEqual(differences(seen, seen), []);
  });

  it("tells what was made twice while something else is still missing", () => {
    const wanted = ["account: r vpc a", "account: r subnet b", "account: r subnet c"];
    assert.doesNotThrow(() => assertNothingTwice(["account: r subnet half"], wanted));
    assert.throws(() => assertNothingTwice(["account: r vpc a", "account: r vpc a"], wanted), /account: r vpc$/);
  });

  const same = (left: string, right: string) => withoutChance(left) === withoutChance(right);

  it("takes two runs' ids, suffixes, addresses and times for the same", () => {
    assert.ok(same('"vpcId":"vpc-0a1b2c3d4e5f60718"', '"vpcId":"vpc-09133522af07e2013"'));
    assert.ok(same('"uniqueId":"AROAB8326C03EE63DD7CE"', '"uniqueId":"AROAB62F33986F109D97F"'));
    assert.ok(same("east-eksCluster-60f794f", "east-eksCluster-07428a0"));
    assert.ok(same('"privateIp":"10.10.0.4"', '"privateIp":"10.10.16.7"'));
    assert.ok(same('"createdAt":"2026-11-26T12:38:16.847Z"', '"createdAt":"2026-11-26T13:00:00.001Z"'));
  });

  it("keeps apart what AWS left half made, other networks and other names", () => {
    assert.ok(!same('"mapPublicIpOnLaunch":true', '"mapPublicIpOnLaunch":false'));
    assert.ok(!same('"vpcId":"vpc-0a1b2c3d4e5f60718"', '"vpcId":""'));
    assert.ok(!same('"cidrBlock":"10.10.0.0/16"', '"cidrBlock":"10.20.0.0/16"'));
    assert.ok(!same("east-eksCluster-60f794f", "west-eksCluster-60f794f"));
    assert.ok(!same('"status":"ACTIVE"', '"status":"CREATE_FAILED"'));
  });
});
