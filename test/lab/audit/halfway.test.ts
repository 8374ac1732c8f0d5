import assert from "node:assert/strict";
import { halfwayOf } from "../../../lab/audit/halfway.ts";

const exporting = (deployment: object | null) => () => Promise.resolve(JSON.stringify({ version: 3, deployment }));

describe("a stack without outputs", () => {
  it("is half made where Pulumi has resources of it, and its own do not count", async () => {
    const own = [{ type: "pulumi:pulumi:Stack" }, { type: "pulumi:providers:aws" }];
    const made = [...own, { type: "aws:ec2/vpc:Vpc" }, { type: "eks:index:Cluster" }];
    assert.deepEqual(await halfwayOf("multi", exporting({ resources: made })), { stack: "multi", resources: 2 });
    assert.equal(await halfwayOf("multi", exporting({ resources: own })), undefined);
  });

  it("is gone where Pulumi has none", async () => {
    assert.equal(await halfwayOf("multi", exporting({})), undefined);
    assert.equal(await halfwayOf("multi", exporting(null)), undefined);
  });

  it("is asked for by its name", async () => {
    const asked: string[][] = [];
    await halfwayOf("multi", (...args) => {
      asked.push([...args]);
      return exporting({})();
    });
    assert.deepEqual(asked, [["stack", "export", "--stack", "multi"]]);
  });
});
