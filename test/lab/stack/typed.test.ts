import assert from "node:assert/strict";
import { stackFile } from "../../../lab/plan/stacks.ts";
import { labArguments, labOptions, pulumiCommand } from "../../../lab/stack/typed.ts";

describe("what somebody is told to type", () => {
  it("names the file of a stack that Pulumi would take for an empty one", () => {
    assert.equal(pulumiCommand("up", "multi"), "pulumi up --stack multi");
    assert.equal(pulumiCommand("up", "single-ha"), "pulumi up --stack single-ha --config-file stacks/single-ha.yaml");
    assert.equal(
      pulumiCommand("destroy", "mine", "/etc/a lab.yaml"),
      "pulumi destroy --stack mine --config-file '/etc/a lab.yaml'",
    );
    assert.equal(pulumiCommand("up", "nobody-knows"), "pulumi up --stack nobody-knows");
  });

  it("names the file for `lab` where the stack's name does not lead to it", () => {
    const found = (stack: string) => ({ stack, file: stackFile(stack) ?? "" });
    assert.equal(labOptions(found("single-ha")), " --stack single-ha");
    assert.equal(labArguments(found("multi")), "multi");
    const other = { ...found("single-ha"), stack: "mine" };
    assert.equal(labOptions(other), " --stack mine --config-file stacks/single-ha.yaml");
    assert.equal(labArguments(other), "mine --config-file stacks/single-ha.yaml");
  });
});
