/** Commands that change something, and Ctrl-C. */
import { UsageError } from "../plan/usage-error.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that can be ended: the first Ctrl-C asks it to end in its own way, a second one only ends.
 * @param ending what the work does then, such as `undoing what was done`
 * @param say is told when the first comes
 * @param work is given a signal whose reason is a UsageError
 */
export async function interruptible<T>(
  ending: string,
  say: (line: string) => void,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    say(`${signal}: ${ending}; once more ends at once`);
    controller.abort(new UsageError("Interrupted."));
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
