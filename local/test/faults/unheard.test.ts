import assert from "node:assert/strict";
import { labIdTag, unheard } from "../../faults/unheard.ts";

const vpc = "aws:ec2/vpc:Vpc";
const route = "aws:ec2/route:Route";
const region = "us-east-1";
const tags = { [labIdTag]: "ours" };

describe("what AWS made for a killed run unheard", () => {
  const held = [
    { type: vpc, id: "vpc-1", region, state: { tags } },
    { type: vpc, id: "vpc-2", region, state: { tags } },
    { type: vpc, id: "vpc-3", region, state: { tags: { [labIdTag]: "another's" } } },
    { type: vpc, id: "vpc-4", region, state: {} },
    { type: route, id: "r-1", region, state: { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" } },
    { type: route, id: "r-2", region, state: { routeTableId: "rtb-2", destinationCidrBlock: "0.0.0.0/0" } },
  ];
  const found = (begun: Parameters<typeof unheard>[1], ...recorded: string[]) =>
    unheard(held, begun, new Set(recorded)).map(({ id }) => id);

  it("is found by the lab's tag, without what the state has and what is another's", () => {
    assert.deepEqual(found([{ urn: "a", type: vpc, inputs: { tags } }], `${vpc} vpc-1`), ["vpc-2"]);
  });

  it("is found by its parent where it carries no tag", () => {
    const inputs = { routeTableId: "rtb-2", destinationCidrBlock: "0.0.0.0/0" };
    assert.deepEqual(found([{ urn: "a", type: route, inputs }]), ["r-2"]);
    assert.deepEqual(found([{ urn: "a", type: route, inputs: { ...inputs, routeTableId: "rtb-3" } }]), []);
  });

  it("is nothing that no list of begun creations has, and nothing in a cluster", () => {
    assert.deepEqual(found([]), []);
    assert.deepEqual(found([{ urn: "a", type: "kubernetes:core/v1:Secret", inputs: {} }]), []);
  });

  it("cannot be looked for without a tag and a parent", () => {
    assert.throws(() => found([{ urn: "a", type: "aws:s3/bucket:Bucket" }]), /a carries no tag istio-lab\/id/);
  });
});
