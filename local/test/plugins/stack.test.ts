import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { configArguments } from "../../commands/stack.ts";

const project = join(import.meta.dirname, "..", "..", "..");

describe("a stack's file", () => {
  it("is Pulumi's own, else one of stacks/, else the command says what is missing", () => {
    assert.deepEqual(configArguments(project, "multi"), []);
    assert.deepEqual(configArguments(project, "single-ha"), ["--config-file", "stacks/single-ha.yaml"]);
    assert.throws(() => configArguments(project, "sngle"), /neither Pulumi\.sngle\.yaml nor stacks\/sngle\.yaml/);
  });
});
