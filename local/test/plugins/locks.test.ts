import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { removeStaleLocks } from "../../commands/locks.ts";

describe("locks of stacks", () => {
  it("go when their process is gone, and stay while it runs", () => {
    const backend = mkdtempSync(join(tmpdir(), "istio-lab-locks-"));
    const folder = join(backend, ".pulumi/locks/organization/istio-lab/single");
    mkdirSync(folder, { recursive: true });
    const gone = spawnSync("true").pid;
    writeFileSync(join(folder, "gone.json"), JSON.stringify({ pid: gone }));
    writeFileSync(join(folder, "here.json"), JSON.stringify({ pid: process.pid }));
    removeStaleLocks(backend);
    assert.deepEqual(
      ["gone.json", "here.json"].map((file) => existsSync(join(folder, file))),
      [false, true],
    );
    rmSync(backend, { recursive: true });
  });

  it("are no trouble where there are none", () => {
    assert.doesNotThrow(() => removeStaleLocks("/nonexistent"));
  });
});
