import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findCommand } from "../../tools/debian.ts";

describe("the sample servers' own tests", () => {
  it("pass in Go", function () {
    if (findCommand("go") === undefined) {
      console.warn("    skipped: there is no Go on this machine");
      this.skip();
    }
    const cwd = join(import.meta.dirname, "../../images/servers");
    const { status, stdout, stderr } = spawnSync("go", ["test", "./..."], { cwd, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  }).timeout(120_000);
});
