import { open, readFile, rename } from "node:fs/promises";
import type { Cloud } from "./cloud.ts";
import type { Resource } from "./resource.ts";
import { snapshotOf } from "./snapshot-of.ts";

/**
 * Makes changes last and real: writes the ledger's file and hands the snapshot to the runtime, one round after the
 * other. Changes that come while a round runs share the next one, so a burst of calls costs two rounds.
 */
export class Settler {
  readonly #cloud: Cloud;
  readonly #file: string | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** What the runtime was told last, without its revision: it need not hear the same twice. */
  #told = "";

  constructor(cloud: Cloud, file: string | undefined) {
    this.#cloud = cloud;
    this.#file = file;
  }

  /** Resolves when everything that has changed before the call is on disk and real. */
  settle(): Promise<void> {
    if (!this.#running && !this.#next) return this.#start();
    this.#next ??= Promise.resolve(this.#running)
      .catch(() => undefined)
      .then(() => this.#start());
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const round = this.#round().finally(() => {
      if (this.#running === round) this.#running = undefined;
    });
    this.#running = round;
    return round;
  }

  async #round(): Promise<void> {
    if (this.#file) await writeAtomically(this.#file, JSON.stringify(this.#cloud.dump(), undefined, 1));
    const snapshot = snapshotOf(this.#cloud);
    const told = JSON.stringify({ ...snapshot, revision: 0 });
    if (told === this.#told) return;
    this.#told = "";
    await this.#cloud.runtime.reconcile(snapshot);
    this.#told = told;
  }
}

/** The resources that a ledger's file holds; none when there is no such file. */
export async function readResources(file: string): Promise<Resource[]> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Resource[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`cannot read the ledger ${file}: ${(error as Error).message}; remove the cloud with "down"`);
  }
}

/** Either the old text or the new one, whatever happens in between. */
async function writeAtomically(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
