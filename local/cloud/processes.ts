/** Processes of this machine, as /proc shows them. */
import { readFileSync } from "node:fs";
import { sleep } from "./exec.ts";

/** A process's words: its program, and what that was given. None when it has just ended. */
export function commandOf(pid: number): string[] {
  return words(`/proc/${pid}/cmdline`);
}

/** `NAME=value` of all that a process was started with. None when it has just ended. */
export function environmentOf(pid: number): string[] {
  return words(`/proc/${pid}/environ`);
}

/** The process that waits for one's end. @throws Error when it has ended */
export function parentOf(pid: number): number {
  const [, parent] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(parent);
}

function words(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\0").filter(Boolean);
  } catch {
    return [];
  }
}

/** SIGKILL; a process that is gone already is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Kills what is found, until nothing is.
 * @throws Error with the pids of what does not end in time: a process that waits for a device or a disk cannot be killed
 */
export async function killAll(what: string, find: () => readonly number[], seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (let found = find(); found.length > 0; found = find()) {
    if (Date.now() > deadline)
      throw new Error(`processes ${found.join(", ")} of ${what} do not end within ${seconds} s after SIGKILL`);
    found.forEach(kill);
    await sleep(50);
  }
}
