/** Doing things to a lab and undoing them, with a journal of what is not undone yet. */
import { setTimeout as sleep } from "node:timers/promises";
import { kindOf, type AnyFault } from "../faults/kinds.ts";
import type { Entry, Journal, JournalFile } from "./journal.ts";
import type { RunningLab } from "./running-lab.ts";

/** Milliseconds between two tries to undo something, and how long they go on: a connection that was lost may come back. */
const pause = 5_000;
const patience = 300_000;

export class Meddling {
  readonly #lab: RunningLab;
  readonly #file: JournalFile;
  readonly #experiment: string;
  #entries: readonly Entry[];

  /** @param left what an earlier run did, to be undone */
  constructor(lab: RunningLab, file: JournalFile, experiment: string, left?: Journal) {
    this.#lab = lab;
    this.#file = file;
    this.#experiment = experiment;
    this.#entries = left?.entries ?? [];
  }

  get left(): readonly AnyFault[] {
    return this.#entries.map(({ fault }) => fault);
  }

  /** Looks up what undoing will need, writes it down, and does it; `begins` as of `FaultKind`. */
  async inject(fault: AnyFault, begins: (at: number) => void = () => undefined): Promise<void> {
    const found = await kindOf(fault).prepare(this.#lab, fault);
    this.#keep([...this.#entries, { fault, found }]);
    await kindOf(fault).inject(this.#lab, fault, found, begins);
  }

  /**
   * Undoes everything but the first `keep`, the last first.
   * @throws AggregateError of what could not be undone, which stays in the journal
   */
  async undo(keep = 0): Promise<void> {
    const errors: Error[] = [];
    for (const entry of this.#entries.slice(keep).reverse()) {
      try {
        await this.#remove(entry);
        this.#keep(this.#entries.filter((other) => other !== entry));
      } catch (error) {
        errors.push(new Error(`${entry.fault.says}: ${(error as Error).message}`));
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `Not undone: ${errors.map(String).join("; ")}`);
  }

  async #remove({ fault, found }: Entry): Promise<void> {
    const end = performance.now() + patience;
    for (;;) {
      try {
        await kindOf(fault).remove(this.#lab, fault, found);
        return;
      } catch (error) {
        if (performance.now() > end) throw error;
        await sleep(pause);
      }
    }
  }

  #keep(entries: readonly Entry[]): void {
    this.#entries = entries;
    if (entries.length === 0) this.#file.remove();
    else
      this.#file.write({ experiment: this.#experiment, started: new Date().toISOString(), pid: process.pid, entries });
  }
}
