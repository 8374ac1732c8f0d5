import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { recordRun } from "../../lab/recorder/record.ts";
import { LabConfigError } from "../../topology/errors.ts";
import { planConfig } from "../../topology/plan.ts";

/** What is wrong with a stack file, as index.ts gets it and as the planner gets it. */
const bad = {
  model: "single",
  region: "us-east-1",
  zones: 3,
  mesh: { version: "1.30.1", mtls: "SOMETIMES" },
};

const asEngineConfig = (raw: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      `istio-lab:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

function planError(raw: unknown): LabConfigError {
  try {
    planConfig(raw);
  } catch (error) {
    if (error instanceof LabConfigError) return error;
  }
  assert.fail("The planner accepts it.");
}

for (const preview of [true, false]) {
  describe(`a bad stack file in ${preview ? "preview" : "up"}`, () => {
    it("ends the program with the planner's text and all problems, before any resource but the stack", async () => {
      const expected = planError(bad);
      assert.ok(expected.issues.length >= 2, expected.message);
      const { graph, errors } = await recordRun({ stack: "bad", config: asEngineConfig(bad), preview });
      assert.deepEqual(
        graph.nodes.map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
      const [error] = errors;
      // Pulumi prints a RunError's message alone, without a stack trace.
      assert.ok(pulumi.RunError.isInstance(error));
      assert.equal(error.message, expected.message);
    });
  });
}

describe("the program's configuration", () => {
  it("may not be encrypted where it would end up in clear, and the value is not repeated", async () => {
    const config = { "istio-lab:mesh": '{"values":{"istiod":{"env":{"TOKEN":"hush"}}}}', "istio-lab:model": "single" };
    const { graph, errors } = await recordRun({ stack: "test", config, secretKeys: ["istio-lab:mesh"] });
    assert.match(errors[0]?.message ?? "", /secret-in-clear {2}at istio-lab:mesh/);
    assert.doesNotMatch(errors[0]?.message ?? "", /hush/);
    assert.equal(graph.nodes.length, 1);
    const open = await recordRun({ stack: "test", config });
    assert.deepEqual(open.errors, []);
  });

  it("is read key by key: text stays text, structures and numbers are JSON", async () => {
    const config = { "istio-lab:model": "single", "istio-lab:kubernetes": '{"version":"1.36"}', "aws:profile": "x" };
    const { graph, errors } = await recordRun({ stack: "test", config });
    assert.deepEqual(errors, []);
    assert.equal(graph.byType("eks:index:Cluster")[0]?.inputs["version"], "1.36");
  });

  it("may hold nothing of its own that the schema does not know", async () => {
    const { errors } = await recordRun({ stack: "test", config: { "istio-lab:modle": "single" } });
    assert.match(errors[0]?.message ?? "", /modle/);
  });
});
