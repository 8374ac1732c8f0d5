import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { Activity } from "../../plugins/kubernetes/lifetime.ts";

const main = join(import.meta.dirname, "..", "..", "plugins", "kubernetes", "main.ts");

describe("kubernetes plugin's lifetime", () => {
  it("ends when its engine is gone, and not before", async function () {
    this.timeout(30_000);
    const engine = createServer((socket) => socket.on("error", () => undefined).resume());
    engine.listen(0, "127.0.0.1");
    await once(engine, "listening");
    const address = engine.address();
    assert.ok(typeof address === "object" && address);
    const plugin = spawn(process.execPath, [main, `127.0.0.1:${address.port}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(plugin.stdout, "data")) as [Buffer];
      assert.match(port.toString(), /^\d+\n$/);
      await new Promise((resolve) => setTimeout(resolve, 6000));
      assert.equal(plugin.exitCode, null);
      engine.close();
      assert.deepEqual(await once(plugin, "exit"), [0, null]);
    } finally {
      plugin.kill("SIGKILL");
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
