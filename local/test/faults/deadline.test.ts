import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runWithin } from "../../faults/deadline.ts";

describe("a command with a limit", () => {
  it("gives its exit code and what it printed on both outputs", async () => {
    const limit = { what: "the command", seconds: 20 };
    const script = 'echo "$WORD"; echo other >&2; exit 3';
    const { exitCode, output } = await runWithin(limit, ["bash", "-c", script], { WORD: "one" });
    assert.equal(exitCode, 3);
    assert.deepEqual(output.split("\n").sort(), ["one", "other"]);
  });

  it("is ended when the limit is over, and says what it had said", async () => {
    const name = nameOf("late");
    const script = `echo begun; exec -a ${name} sleep 600`;
    const running = runWithin({ what: "the command", seconds: 2 }, ["bash", "-c", script]);
    await sleep(1000);
    assert.equal(processesNamed(name).length, 1);
    await assert.rejects(running, /^Error: the command did not end within 2 s .*\nbegun$/s);
    assert.deepEqual(processesNamed(name), []);
  });

  it("is ended with all that it had started, in process groups of their own and orphans too", async () => {
    const name = nameOf("child");
    const child = `exec -a ${name} sleep 600`;
    const script = `setsid bash -c '${child}' & (setsid bash -c '${child}' &) ; wait`;
    const running = runWithin({ what: "the command", seconds: 2 }, ["bash", "-c", script]);
    await sleep(1000);
    assert.equal(processesNamed(name).length, 2);
    await assert.rejects(running);
    assert.deepEqual(processesNamed(name), []);
  });

  it("ends what holds its output although it has ended itself, as plugins do of a killed engine", async () => {
    const name = nameOf("orphan");
    const script = `(exec -a ${name} sleep 600) & exit 0`;
    await assert.rejects(runWithin({ what: "the command", seconds: 1 }, ["bash", "-c", script]), /within 1 s/);
    assert.deepEqual(processesNamed(name), []);
  });
});

const nameOf = (kind: string): string => `${kind}-${String(process.pid)}`;

/** Processes whose first word is this. */
function processesNamed(name: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] === name;
    } catch {
      return false;
    }
  });
}
