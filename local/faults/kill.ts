/** SIGKILL at a chosen moment of a run of the engine. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, kill, killAll } from "../cloud/processes.ts";
import { worldProcesses } from "../cloud/world.ts";
import type { Outcome } from "./deadline.ts";
import { diagnostics } from "./engine.ts";
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
  return attended(running, async () => {
    await comesDuring(running, moment, patience);
    const engines = worldProcesses().filter(isEngine);
    assert.equal(engines.length, 1, "one engine");
    const victims = victim === "engine" ? engines : [...engines, ...worldProcesses().filter(belongsToRun)];
    victims.forEach(kill);
    const outcome = await running;
    assert.notEqual(outcome.exitCode, 0, `${command} had ended already`);
    for (const deadline = Date.now() + afterwards * 1000; worldProcesses().some(belongsToRun); await sleep(500)) {
      assert.ok(Date.now() < deadline, "plugins of a killed engine do not end");
    }
    return outcome;
  });
}

/** Waits for a moment of a run. @throws Error when the run ends first, with what it said, or the time is over */
export async function comesDuring(running: Promise<Outcome>, moment: Moment, seconds: number): Promise<void> {
  let ended: Error | undefined;
  running.then(
    ({ output }) => (ended = new Error(`the run ended before the moment came:\n${diagnostics(output)}`)),
    (error: unknown) => (ended = error as Error),
  );
  for (const deadline = Date.now() + seconds * 1000; !(await moment()); await sleep(20)) {
    if (ended) throw ended;
    assert.ok(Date.now() < deadline, `the moment did not come within ${String(seconds)} s`);
  }
}

/** Does something while a run goes on, and ends the run where that fails: the next test finds nothing of it at work. */
export async function attended<T>(
  running: Promise<Outcome>,
  work: () => Promise<T>,
  processes = processesOfRun,
): Promise<T> {
  const over = running.then(
    () => true,
    () => true,
  );
  try {
    return await work();
  } finally {
    // Again, because a run that has just begun has no processes yet.
    do await killAll("a run of Pulumi", processes, 30);
    while (!(await Promise.race([over, sleep(500, false)])));
  }
}

function processesOfRun(): readonly number[] {
  return worldProcesses().filter((pid) => isEngine(pid) || belongsToRun(pid));
}

function isEngine(pid: number): boolean {
  const [program, first = ""] = commandOf(pid);
  return program === "pulumi" && /^(up|destroy)$/.test(first);
}

/** Plugins, the language host with its program, and helm. */
function belongsToRun(pid: number): boolean {
  const line = commandOf(pid);
  return (
    line[0] === "helm" || line.some((word) => /\/plugins\/[a-z-]+\/main\.ts$|@pulumi\/pulumi\/cmd\/run/.test(word))
  );
}
