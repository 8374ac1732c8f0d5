/** Commands that end in time, or are ended with everything that they have started. */
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { execa } from "execa";
import { environmentOf, killAll } from "../cloud/processes.ts";

export interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

export interface Limit {
  /** Who it is that has to end, for the error. */
  readonly what: string;
  readonly seconds: number;
  /** A file for all that it prints, written while it does. */
  readonly log?: string;
}

/** In the environment of a command and of all that it starts: neither parents nor process groups find orphans. */
const mark = "ISTIO_LAB_COMMAND";

/** Seconds in which whatever was killed is gone. */
const dying = 30;

/**
 * Runs a command and returns what it printed, whatever its exit code.
 * @throws Error when it has not ended in time. By then it and all that it had started are gone.
 */
export async function runWithin(
  { what, seconds, log }: Limit,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const started = performance.now();
  const [command = "", ...args] = argv;
  const id = randomUUID();
  const target = log === undefined ? "pipe" : (["pipe", { file: log }] as const);
  const running = execa(command, args, {
    env: { ...env, [mark]: id },
    reject: false,
    stdin: "ignore",
    stdout: target,
    stderr: target,
    all: true,
    maxBuffer: 64 * 1024 * 1024,
  });
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<"late">((resolve) => (timer = setTimeout(resolve, seconds * 1000, "late")));
  const first = await Promise.race([running, limit]).finally(() => {
    clearTimeout(timer);
  });
  if (first !== "late") {
    return { exitCode: first.exitCode ?? 1, output: first.all, seconds: (performance.now() - started) / 1000 };
  }
  await killAll(what, () => marked(id), dying);
  const kept = log === undefined ? "" : `\nThe whole output is in ${log}`;
  throw new Error(
    `${what} did not end within ${String(seconds)} s and was ended. It had said:\n${end((await running).all)}${kept}`,
  );
}

const end = (output: string): string => output.trimEnd().split("\n").slice(-30).join("\n");

function marked(id: string): number[] {
  const pids = readdirSync("/proc").map(Number);
  return pids.filter((pid) => pid > 0 && environmentOf(pid).includes(`${mark}=${id}`));
}
