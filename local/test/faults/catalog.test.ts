import assert from "node:assert/strict";
import { failuresOf, faultFor } from "../../faults/catalog.ts";

describe("the catalogue of failing creations", () => {
  it("begins with a refusal for each type, and refuses types that nobody has thought about", () => {
    for (const type of [
      "aws:ec2/vpc:Vpc",
      "kubernetes:networking.istio.io/v1:Gateway",
      "tls:index/privateKey:PrivateKey",
    ])
      assert.equal(failuresOf(type)[0]?.how, "refused");
    assert.throws(() => failuresOf("aws:s3/bucket:Bucket"), /does not say how the creation of aws:s3/);
  });

  it("knows what AWS leaves half made, and that a key is made or not", () => {
    const fault = faultFor("urn", "aws:eks/nodeGroup:NodeGroup", "made");
    assert.deepEqual([fault?.how, fault?.state], ["half-made", { status: "CREATE_FAILED" }]);
    assert.equal(faultFor("urn", "tls:index/privateKey:PrivateKey", "made"), undefined);
    assert.equal(faultFor("urn", "kubernetes:core/v1:Secret", "made")?.how, "answer-lost");
  });
});
