import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, sleep } from "../../cloud/exec.ts";
import { Activity } from "../../plugins/host/lifetime.ts";

const plugins = ["aws", "eks", "kubernetes", "language-nodejs", "random", "tls"];

/** Starts all plugins under an engine; the compiled modules of each go to a folder of `caches`. After the work none is left. */
async function withPlugins(
  work: (running: ChildProcess[], engine: Server) => Promise<void>,
  caches?: string,
): Promise<void> {
  const engine = createServer((socket) => socket.on("error", () => undefined).resume());
  engine.listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address = engine.address();
  assert.ok(typeof address === "object" && address);
  const running = plugins.map((name) => {
    const main = join(import.meta.dirname, "..", "..", "plugins", name, "main.ts");
    return spawn(process.execPath, [main, `127.0.0.1:${String(address.port)}`], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...(caches === undefined ? {} : { NODE_COMPILE_CACHE: join(caches, name) }) },
    });
  });
  try {
    const ports = (await Promise.all(running.map(({ stdout }) => once(stdout, "data")))) as [Buffer][];
    for (const [port] of ports) assert.match(port.toString(), /^\d+\n$/);
    await work(running, engine);
  } finally {
    for (const plugin of running) plugin.kill("SIGKILL");
    engine.close();
  }
}

describe("a plugin's lifetime", () => {
  it("ends when its engine is gone, and not before", () =>
    withPlugins(async (running, engine) => {
      const gone = running.map((plugin) => once(plugin, "exit"));
      await sleep(6000);
      assert.ok(running.every(({ exitCode }) => exitCode === null));
      engine.close();
      for (const exit of await Promise.all(gone)) assert.deepEqual(exit, [0, null]);
    })).timeout(60_000);

  it("keeps what it compiled before it is killed", async () => {
    const caches = mkdtempSync(join(tmpdir(), "istio-lab-compiled-"));
    const without = () =>
      plugins.filter((name) => {
        const entries = readdirSync(join(caches, name), { recursive: true, withFileTypes: true });
        return !entries.some((entry) => entry.isFile());
      });
    try {
      await withPlugins(async (running) => {
        const gone = running.map((plugin) => once(plugin, "exit"));
        await eventually("compiled modules", 20, () => Promise.resolve(without().length === 0 || undefined));
        for (const plugin of running) plugin.kill("SIGKILL");
        for (const exit of await Promise.all(gone)) assert.deepEqual(exit, [null, "SIGKILL"]);
        assert.deepEqual(without(), []);
      }, caches);
    } finally {
      rmSync(caches, { recursive: true });
    }
  }).timeout(60_000);

  it("counts what is under way until it is answered", () => {
    const activity = new Activity();
    const answers: (() => void)[] = [];
    const service = activity.counted({ check: (_call: unknown, callback: () => void) => void answers.push(callback) });
    let answered = false;
    service.check({}, () => (answered = true));
    assert.equal(activity.isIdle, false);
    answers[0]?.();
    assert.deepEqual([activity.isIdle, answered], [true, true]);
  });
});
