import { sleep } from "../api/rest.ts";

/** Waiting ended before it was done. */
export class WaitError extends Error {
  readonly reasons: string[];

  constructor(message: string, reasons: string[] = []) {
    super(message);
    this.name = "WaitError";
    this.reasons = reasons;
  }
}

export interface WaitOptions {
  /** The object, for messages. */
  name: string;
  /** What it is waited for, for messages: `Ready`, `Deleted`. */
  state: string;
  seconds: number;
  signal: AbortSignal;
  /** Told what is missing, whenever that changes. */
  onProgress?: (reasons: string[]) => void;
}

/** One look: done, or what is missing; `failed` when it cannot be reached any more. */
export interface Look {
  ready: boolean;
  reasons: string[];
  failed?: boolean;
}

/**
 * Looks again and again until it is done.
 *
 * @throws WaitError after the time is over, when it cannot be reached any more, and when the run is cancelled
 */
export async function waitUntil(look: () => Promise<Look>, options: WaitOptions): Promise<void> {
  const { name, state, seconds, signal, onProgress } = options;
  const start = Date.now();
  for (let told = ""; ;) {
    const { ready, reasons, failed } = await look();
    if (ready) return;
    if (failed) throw new WaitError(`'${name}' cannot become ${state}`, reasons);
    if (signal.aborted) throw new WaitError(`Resource operation was cancelled for '${name}'`, reasons);
    const elapsed = Date.now() - start;
    if (elapsed >= seconds * 1000) throw new WaitError(`'${name}' timed out waiting to be ${state}`, reasons);
    if (reasons.join() !== told) onProgress?.(reasons);
    told = reasons.join();
    await sleep(elapsed < 10_000 ? 250 : 1000);
  }
}
