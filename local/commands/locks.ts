import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { say } from "./say.ts";

/**
 * Removes locks of stacks whose Pulumi process is gone, as after a SIGKILL: nobody else would, and each command would
 * ask for `pulumi cancel`. The backend is this machine's own, so a process that is not here is nowhere.
 *
 * @param backend the folder of the file backend
 */
export function removeStaleLocks(backend: string): void {
  const directory = join(backend, ".pulumi", "locks");
  if (!existsSync(directory)) return;
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const path = join(directory, file);
    const pid = processOf(path);
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    say(`removing the lock of process ${pid}, which is gone (${file.split("/").at(-2)})`);
    rmSync(path, { force: true });
    rmSync(`${path}.attrs`, { force: true });
  }
}

/** Who holds a lock; undefined when the file has just gone or cannot be read. */
function processOf(path: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { pid?: number }).pid;
  } catch {
    return undefined;
  }
}
