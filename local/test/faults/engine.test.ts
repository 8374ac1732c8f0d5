import assert from "node:assert/strict";
import { diagnostics, succeededOrNamedUnready } from "../../faults/engine.ts";

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

describe("a run that may fail only over what does not get ready", () => {
  const ended = (exitCode: number, error: string) => ({
    exitCode,
    output: `Diagnostics:\n  kubernetes:x (y):\n    error: ${error}\n`,
    seconds: 1,
  });

  it("passes when the error names it", () => {
    const named = [
      'Helm release "istio-system/istiod" failed to initialize completely. Use Helm CLI to investigate: timed out',
      'Helm release "istio-system/istiod" was created, but failed to initialize completely.',
      "resource curl/curl was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: not every Pod is ready",
      'the Kubernetes API server reported that "curl/curl" failed to fully initialize or become live: not every Pod is ready',
    ];
    for (const error of named) succeededOrNamedUnready(ended(255, error));
    succeededOrNamedUnready(ended(0, ""));
  });

  it("is refused when another error stands beside it, also where a warning says what the error should", () => {
    const unready = 'error: Helm release "istio-system/istiod" failed to initialize completely. Use Helm CLI';
    const closing = "  pulumi:pulumi:Stack (lab):\n    error: update failed\n";
    const after = (...messages: string[]) => ({
      exitCode: 255,
      output: `Diagnostics:\n${messages.map((message) => `  aws:x (y):\n    ${message}\n\n`).join("")}${closing}`,
      seconds: 1,
    });
    const foreign = "error: creating EC2 VPC: RequestLimitExceeded\n    of this call";
    succeededOrNamedUnready(after(unready, "warning: the node is lost", unready));
    for (const messages of [
      [foreign],
      [unready, foreign],
      [foreign, unready],
      [foreign, unready.replace("error", "warning")],
    ])
      assert.throws(() => {
        succeededOrNamedUnready(after(...messages));
      }, assert.AssertionError);
  });

  it("is refused with any other words", () => {
    for (const error of ["update failed", "update canceled", "resource failed to initialize"])
      assert.throws(() => {
        succeededOrNamedUnready(ended(255, error));
      }, assert.AssertionError);
  });
});
