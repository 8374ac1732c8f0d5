import assert from "node:assert/strict";
import { diagnostics } from "../../faults/engine.ts";

describe("what Pulumi says went wrong", () => {
  const errors = "Diagnostics:\n  pulumi:pulumi:Stack (lab):\n    error: update failed";

  it("is its diagnostics, without what it did and what there is", () => {
    assert.equal(
      diagnostics(`Updating:\n + made\n\n${errors}\n\nOutputs:\n  - a: 1\n\nResources:\n    + 3 created\n`),
      errors,
    );
    assert.equal(diagnostics(`Updating:\n + made\n\n${errors}\n\nResources:\n    + 3 created\n`), errors);
    assert.equal(diagnostics(`Updating:\n + made\n\n${errors}\n`), errors);
  });

  it("is the end of the output where there are none", () => {
    assert.equal(diagnostics("error: the stack is currently locked\n"), "error: the stack is currently locked");
  });
});
