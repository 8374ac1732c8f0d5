import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../../cloud/exec.ts";
import { commandOf } from "../../cloud/processes.ts";
import { runWithin } from "../../faults/deadline.ts";

/** Seconds of a command's limit, in which a machine at work has started all of it; and less, to look at it. */
const [limit, inTime] = [6, 5];

describe("a command with a limit", () => {
  const folder = mkdtempSync(join(tmpdir(), "istio-lab-deadline-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("gives its exit code and what it printed on both outputs, and keeps that in a file", async () => {
    const log = join(folder, "ended.log");
    const script = 'echo "$WORD"; echo other >&2; exit 3';
    const { exitCode, output } = await runWithin({ what: "the command", seconds: 20, log }, ["bash", "-c", script], {
      WORD: "one",
    });
    assert.equal(exitCode, 3);
    for (const printed of [output, readFileSync(log, "utf8").trimEnd()])
      assert.deepEqual(printed.split("\n").sort(), ["one", "other"]);
  });

  it("is ended when the limit is over, and says what it had said last and where all of it is", async () => {
    const name = nameOf("late");
    const log = join(folder, "late.log");
    const script = `seq 100; echo end; exec -a ${name} sleep 600`;
    const running = runWithin({ what: "the command", seconds: limit, log }, ["bash", "-c", script]);
    const refused = assert.rejects(
      running,
      /^Error: the command did not end within 6 s .*:\n72\n.*\n100\nend\nThe whole output is in .*late\.log$/s,
    );
    await started(name, 1);
    await refused;
    assert.deepEqual(processesNamed(name), []);
    assert.equal(readFileSync(log, "utf8").trimEnd().split("\n").length, 101);
  });

  it("is ended with all that it had started, in process groups of their own and orphans too", async () => {
    const name = nameOf("child");
    const child = `exec -a ${name} sleep 600`;
    const script = `setsid bash -c '${child}' & (setsid bash -c '${child}' &) ; wait`;
    const refused = assert.rejects(runWithin({ what: "the command", seconds: limit }, ["bash", "-c", script]));
    await started(name, 2);
    await refused;
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

async function started(name: string, count: number): Promise<void> {
  await eventually(`${String(count)} processes ${name}`, inTime, () =>
    Promise.resolve(processesNamed(name).length === count || undefined),
  );
}

/** Processes whose first word is this. */
function processesNamed(name: string): string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(Number(pid))[0] === name);
}
