import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { commandOf, environmentOf, kill, killAll, parentOf } from "../../cloud/processes.ts";

describe("processes", () => {
  it("tell their words and what they were started with, and nothing once they are gone", async () => {
    const child = spawn("sleep", ["600"], { env: { ...process.env, WORD: "one two" } });
    const pid = child.pid ?? assert.fail("no process");
    await once(child, "spawn");
    assert.deepEqual(commandOf(pid), ["sleep", "600"]);
    assert.ok(environmentOf(pid).includes("WORD=one two"));
    const gone = once(child, "exit");
    await killAll("the test", () => (commandOf(pid).length > 0 ? [pid] : []), 10);
    assert.deepEqual(await gone, [null, "SIGKILL"]);
    assert.deepEqual([commandOf(pid), environmentOf(pid)], [[], []]);
    assert.doesNotThrow(() => kill(pid));
  });

  it("that do not end are named after some time", async () => {
    // As if it waited for a device: it is there whatever is done.
    const noProcess = 2 ** 22 + 1;
    await assert.rejects(
      killAll("the test", () => [noProcess], 0.2),
      /^Error: processes 4194305 of the test do not end within 0.2 s after SIGKILL$/,
    );
  });

  it("have a parent", () => {
    assert.equal(parentOf(process.pid), process.ppid);
    assert.throws(() => parentOf(2 ** 22 + 1), /ENOENT/);
  });
});
