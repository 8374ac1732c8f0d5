import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { Activity } from "../../plugins/host/lifetime.ts";

const plugins = ["aws", "eks", "kubernetes", "language-nodejs", "random", "tls"];

describe("a plugin's lifetime", () => {
  it("ends when its engine is gone, and not before", async function () {
    this.timeout(60_000);
    const engine = createServer((socket) => socket.on("error", () => undefined).resume());
    engine.listen(0, "127.0.0.1");
    await once(engine, "listening");
    const address = engine.address();
    assert.ok(typeof address === "object" && address);
    const running = plugins.map((name) => {
      const main = join(import.meta.dirname, "..", "..", "plugins", name, "main.ts");
      return spawn(process.execPath, [main, `127.0.0.1:${String(address.port)}`], {
        stdio: ["ignore", "pipe", "inherit"],
      });
    });
    const gone = running.map((plugin) => once(plugin, "exit"));
    try {
      const ports = (await Promise.all(running.map(({ stdout }) => once(stdout, "data")))) as [Buffer][];
      for (const [port] of ports) assert.match(port.toString(), /^\d+\n$/);
      await new Promise((resolve) => setTimeout(resolve, 6000));
      assert.ok(running.every(({ exitCode }) => exitCode === null));
      engine.close();
      for (const exit of await Promise.all(gone)) assert.deepEqual(exit, [0, null]);
    } finally {
      for (const plugin of running) plugin.kill("SIGKILL");
      engine.close();
    }
  });

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
