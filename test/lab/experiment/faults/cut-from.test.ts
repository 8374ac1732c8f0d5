import assert from "node:assert/strict";
import { cutFrom } from "../../../../lab/experiment/faults/cut.ts";
import { kindOf } from "../../../../lab/experiment/faults/kinds.ts";
import { fakeLab } from "../fake-lab.ts";

// Its addresses are looked up by DNS, which a unit test has none of: what is cut then is seen in experiments such as
// partition-remote, whose requests must fail.
describe("a cluster that does not reach another", () => {
  it("is not cut off where the lab does not say what is to be lost", async () => {
    const lab = fakeLab({ prepare: () => assert.fail("nothing is to be cut") });
    const fault = cutFrom("east", "west", ["api-server", "east-west"]);
    await assert.rejects(kindOf(fault).prepare(lab, fault), /outputs name no api-server of west/);
  });
});
