import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { commandOf } from "../../cloud/processes.ts";
import type { Outcome } from "../../faults/deadline.ts";
import { attended, comesDuring } from "../../faults/kill.ts";

describe("a moment of a run", () => {
  const goesOn = new Promise<Outcome>(() => undefined);
  const never = () => false;

  it("is waited for", async () => {
    let asked = 0;
    await comesDuring(goesOn, () => ++asked === 3, 10);
    assert.equal(asked, 3);
  });

  it("that does not come is an error: when the run ends, when it fails, and when the time is over", async () => {
    const ended = Promise.resolve({ exitCode: 255, output: "error: of the run", seconds: 1 });
    await assert.rejects(comesDuring(ended, never, 10), /ended before the moment came:\nerror: of the run/);
    const failed = Promise.reject(new Error("pulumi up did not end within 9 s"));
    await assert.rejects(comesDuring(failed, never, 10), /^Error: pulumi up did not end within 9 s$/);
    await assert.rejects(comesDuring(goesOn, never, 0.1), /the moment did not come within 0.1 s/);
  });
});

describe("a run that is attended", () => {
  it("is left alone as long as all goes well", async () => {
    const run = Promise.resolve({ exitCode: 0, output: "", seconds: 1 });
    assert.equal(
      await attended(
        run,
        () => Promise.resolve("done"),
        () => [],
      ),
      "done",
    );
  });

  it("is ended where that fails, also when it has only just begun, and its own failure hides nothing", async () => {
    const child = spawn("sleep", ["600"]);
    const pid = child.pid ?? assert.fail("no process");
    const run = once(child, "exit").then((): Outcome => assert.fail("the run's own failure"));
    let looks = 0;
    const seen = () => (++looks > 1 && commandOf(pid).length > 0 ? [pid] : []);
    await assert.rejects(
      attended(run, () => Promise.reject(new Error("no engine")), seen),
      /^Error: no engine$/,
    );
    assert.deepEqual(commandOf(pid), []);
  });
});
