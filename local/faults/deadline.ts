/** Commands that end in time, or are ended with everything that they have started. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

export interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

export interface Limit {
  /** Who it is that has to end, for the error. */
  readonly what: string;
  readonly seconds: number;
}

/** In the environment of a command and of all that it starts: neither parents nor process groups find orphans. */
const mark = "ISTIO_LAB_COMMAND";

/**
 * Runs a command and returns what it printed, whatever its exit code.
 * @throws Error when it has not ended in time. By then it and all that it had started are gone.
 */
export async function runWithin(
  { what, seconds }: Limit,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const started = performance.now();
  const [command = "", ...args] = argv;
  const id = randomUUID();
  const running = execa(command, args, {
    env: { ...env, [mark]: id },
    reject: false,
    stdin: "ignore",
    all: true,
    maxBuffer: 64 * 1024 * 1024,
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void endAll(id);
  }, seconds * 1000);
  const done = await running.finally(() => {
    clearTimeout(timer);
  });
  if (late) {
    await endAll(id);
    throw new Error(`${what} did not end within ${String(seconds)} s and was ended. It had said:\n${end(done.all)}`);
  }
  return { exitCode: done.exitCode ?? 1, output: done.all, seconds: (performance.now() - started) / 1000 };
}

const end = (output: string): string => output.trimEnd().split("\n").slice(-30).join("\n");

/** Kills what carries the mark, until nothing does. */
async function endAll(id: string): Promise<void> {
  for (let found = marked(id); found.length > 0; found = marked(id)) {
    found.forEach(kill);
    await sleep(50);
  }
}

function marked(id: string): number[] {
  const pids = readdirSync("/proc").map(Number);
  return pids.filter((pid) => pid > 0 && environmentOf(pid).includes(`${mark}=${id}`));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`, "utf8").split("\0");
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
