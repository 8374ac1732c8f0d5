import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { cloudAnswers, ensureCloud, stopDaemon } from "../../commands/cloud.ts";
import { kubeconfig } from "../../commands/kubeconfig.ts";

describe("starting and ending the cloud's daemon", function () {
  this.timeout(120_000);
  let runDir: string;
  const start = () =>
    ensureCloud({ runDir, env: { ...process.env, ISTIO_LAB_RUN: runDir } as Record<string, string>, runtime: "null" });

  beforeEach(() => {
    runDir = mkdtempSync(join(tmpdir(), "istio-lab-cloud-"));
  });
  afterEach(async () => {
    await stopDaemon(runDir);
    rmSync(runDir, { recursive: true, maxRetries: 10, retryDelay: 100 });
  });

  it("starts it once, and ends it", async () => {
    assert.equal(await cloudAnswers(runDir), false);
    await start();
    await start();
    assert.equal(await cloudAnswers(runDir), true);
    assert.match(await kubeconfig(runDir), /^current-context: ""$/m);
    await stopDaemon(runDir);
    assert.equal(await cloudAnswers(runDir), false);
  });

  it("starts it again where a killed one left its socket behind", async () => {
    writeFileSync(join(runDir, "cloud.sock"), "");
    await start();
    assert.equal(await cloudAnswers(runDir), true);
  });

  it("shows why it ended when it does not come up", async () => {
    mkdirSync(join(runDir, "ledger.json"));
    await assert.rejects(start(), /the cloud's daemon ended at once \(exit code 1\):\n.*EISDIR/s);
  });

  it("has nothing to do when none runs", async () => {
    await stopDaemon(runDir);
  });
});
