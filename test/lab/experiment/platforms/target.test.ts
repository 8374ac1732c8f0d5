import assert from "node:assert/strict";
import type { Cut } from "../../../../lab/experiment/platforms/platform.ts";
import { blocksToCut, eksClusterOf, subnetsToCut } from "../../../../lab/experiment/platforms/target.ts";
import { eksOutputs, existingOutputs } from "./outputs.ts";

const cut: Cut = { cluster: "east", blocks: ["0.0.0.0/0"], says: "zone loss" };

describe("what a cut is of", () => {
  it("is a cluster of the lab, on EKS", () => {
    const { clusters } = eksOutputs();
    assert.deepEqual(eksClusterOf(clusters, cut), { eksName: "east-eks-1a2b3c4", region: "us-east-1" });
    assert.throws(() => eksClusterOf(clusters, { ...cut, cluster: "north" }), {
      message: '"zone loss" is of cluster "north", but the lab\'s clusters are east, west.',
    });
    assert.throws(() => eksClusterOf(existingOutputs().clusters, cut), /"east", which is no EKS cluster/);
  });

  it("are all subnets, or those of the zones that it names", () => {
    const subnets = ["us-east-1b", "us-east-1b", "us-east-1c"].map((zone, index) => ({ id: index, zone }));
    assert.deepEqual(subnetsToCut(cut, subnets), subnets);
    assert.deepEqual(subnetsToCut({ ...cut, zones: ["us-east-1b"] }, subnets), subnets.slice(0, 2));
  });

  it("is never nothing, and no zone that is not there", () => {
    const subnets = [{ zone: "us-east-1c" }, { zone: "us-east-1b" }];
    assert.throws(() => subnetsToCut({ ...cut, zones: ["us-east-1b", "us-east-1a"] }, subnets), {
      message:
        '"zone loss" cannot be done: cluster "east" has subnets in us-east-1b, us-east-1c, and none in us-east-1a.',
    });
    assert.throws(() => subnetsToCut({ ...cut, zones: [] }, subnets), /has subnets in us-east-1b, us-east-1c\.$/);
    assert.throws(() => subnetsToCut(cut, []), /has no subnets\.$/);
  });

  it("are IPv4 blocks, each once", () => {
    const blocks = ["10.0.0.0/8", "198.51.100.7/32", "10.0.0.0/8"];
    assert.deepEqual(blocksToCut({ ...cut, blocks }), ["10.0.0.0/8", "198.51.100.7/32"]);
    for (const block of ["198.51.100.7", "10.0.0.1/16", "10.0.0.0/33", "10.0.0.300/8", "::/0", "example.org", ""]) {
      assert.throws(() => blocksToCut({ ...cut, blocks: ["10.0.0.0/8", block] }), /which is no IPv4 block/, block);
    }
    assert.throws(() => blocksToCut({ ...cut, blocks: [] }), /names no blocks/);
  });
});
