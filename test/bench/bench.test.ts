import assert from "node:assert/strict";
import { resolve } from "node:path";
import { execa } from "execa";
import { stackConfig } from "../../lab/recorder/stack-file.ts";
import { FakeEngine } from "./engine.ts";
import { root, runProgram } from "./language-host.ts";
import { meshConfig } from "./mesh.ts";

const bench = (...args: string[]) =>
  execa(process.execPath, [resolve(root, "test/bench/main.ts"), "--repeats", "1", ...args], { reject: false });

describe("the bench", function () {
  this.timeout(120_000);

  it("ends with 1 and says which limits a wasteful program breaks", async () => {
    const { exitCode, stdout } = await bench("--only", "start-up", "--program", "test/bench/programs/wasteful.ts");
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /time of the processor.*BROKEN/);
    assert.match(stdout, /peak of memory.*BROKEN/);
    assert.match(stdout, /^ {2}0 passing\n {2}2 failing$/m);
  });

  it("runs the real program to its end: its resources reach the engine", async () => {
    const { engine, address } = await FakeEngine.start();
    try {
      await runProgram({ path: resolve(root, "index.ts"), config: await stackConfig("multi") }, address);
      const { counts } = engine.take();
      assert.equal(counts.get("istio-lab:mesh:RemoteSecret"), 2);
      assert.equal(counts.get("eks:index:Cluster"), 2);
    } finally {
      engine.stop();
    }
  });

  it("hears of an error inside an output as one line, without the places in code that it passed", async () => {
    const { engine, address } = await FakeEngine.start();
    try {
      const path = resolve(root, "test/bench/programs/failing.ts");
      await assert.rejects(runProgram({ path, config: {} }, address), /exit code 32/);
      assert.deepEqual(engine.take().messages, [
        'error serializing property "byteLength": The region has too few zones. Lower `zones`.',
      ]);
    } finally {
      engine.stop();
    }
  });

  it("measures no program that fails: a bad configuration is an error", async () => {
    const { engine, address } = await FakeEngine.start();
    try {
      const config = { ...meshConfig(2), "istio-lab:mesh": JSON.stringify({ version: "0.1.0" }) };
      await assert.rejects(runProgram({ path: resolve(root, "index.ts"), config }, address), /exit code 32/);
      assert.match(engine.take().messages.join("\n"), /unsupported-istio/);
    } finally {
      engine.stop();
    }
  });
});
