/**
 * What is being done to a lab and not undone yet. Written before anything is done, so that it outlives the run: whoever
 * starts the next one finds what a killed one left.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Json } from "../platforms/platform.ts";
import type { AnyFault } from "../faults/kinds.ts";
import type { RunningLab } from "./running-lab.ts";

export interface Entry {
  readonly fault: AnyFault;
  readonly found: Json;
}

export interface Journal {
  readonly experiment: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** The process that does it. */
  readonly pid: number;
  /** In the order in which they were done. */
  readonly entries: readonly Entry[];
}

/** The journal of a lab: a file in the folder of all results. A lab that comes later has nothing to undo of another's. */
export class JournalFile {
  readonly path: string;

  constructor(folder: string, { stack, outputs }: Pick<RunningLab, "stack" | "outputs">) {
    this.path = join(folder, `${stack}.${outputs.labId}.undo.json`);
  }

  /** @throws Error where the file is no journal */
  read(): Journal | undefined {
    if (!existsSync(this.path)) return undefined;
    try {
      return JSON.parse(readFileSync(this.path, "utf8")) as Journal;
    } catch (error) {
      throw new Error(
        `${this.path} should say what an experiment has done to the lab, but cannot be read: ${(error as Error).message}. ` +
          "Look at the lab, mend it by hand or with `pulumi up --refresh`, then remove the file.",
      );
    }
  }

  /** Never leaves half a file. */
  write(journal: Journal): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const draft = `${this.path}.new`;
    writeFileSync(draft, `${JSON.stringify(journal, null, 2)}\n`);
    renameSync(draft, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** Whether the process that wrote a journal still runs. */
export function isAlive({ pid }: Journal): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
