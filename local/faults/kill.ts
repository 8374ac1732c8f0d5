/** SIGKILL at a chosen moment of a run of the engine. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { worldProcesses } from "../cloud/world.ts";
import type { Outcome } from "./deadline.ts";
import type { Engine } from "./engine.ts";

/** Who dies: the engine alone, as by `kill -9`, or everything of that run, as when the machine loses its power. */
export type Victim = "engine" | "everything";

/** A moment of a run: whether it has come, asked again and again. */
export type Moment = () => boolean | Promise<boolean>;

/** Seconds in which a moment has to come. */
const patience = 180;
/** Seconds in which plugins finish what they had begun when their engine died: the longest is a cluster. */
const afterwards = 120;

/** Runs `up` or `destroy` and kills it at the moment. Returns when nothing of that run is left. */
export async function killedAt(
  engine: Engine,
  command: "up" | "destroy",
  moment: Moment,
  victim: Victim,
): Promise<Outcome> {
  const running = engine[command]();
  let ended: Outcome | undefined;
  void running.then((outcome) => (ended = outcome));
  for (const deadline = Date.now() + patience * 1000; !(await moment());) {
    assert.ok(ended === undefined, `${command} ended before the moment came`);
    assert.ok(Date.now() < deadline, `the moment did not come within ${String(patience)} s`);
    await sleep(20);
  }
  const engines = worldProcesses().filter((pid) => isEngine(pid, command));
  assert.equal(engines.length, 1, "one engine");
  const victims = victim === "engine" ? engines : [...engines, ...worldProcesses().filter(belongsToRun)];
  victims.forEach(kill);
  const outcome = await running;
  assert.notEqual(outcome.exitCode, 0, `${command} had ended already`);
  for (const deadline = Date.now() + afterwards * 1000; worldProcesses().some(belongsToRun); await sleep(500)) {
    assert.ok(Date.now() < deadline, "plugins of a killed engine do not end");
  }
  return outcome;
}

function isEngine(pid: number, command: string): boolean {
  const [program, first] = commandLine(pid);
  return program === "pulumi" && first === command;
}

/** Plugins, the language host with its program, and helm. */
function belongsToRun(pid: number): boolean {
  const line = commandLine(pid);
  return (
    line[0] === "helm" || line.some((word) => /\/plugins\/[a-z-]+\/main\.ts$|@pulumi\/pulumi\/cmd\/run/.test(word))
  );
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // It has just ended.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
