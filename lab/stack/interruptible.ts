/** Commands that change something, and Ctrl-C. */
import { UsageError } from "../plan/usage-error.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Milliseconds in which a second signal is the first one's echo. A terminal sends Ctrl-C to npm and to the command, and npm
 * passes it on to its shell (https://github.com/npm/run-script/blob/main/lib/signal-manager.js), in whose place the
 * command is where the shell is bash, as on macOS.
 */
const echo = 500;

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
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (first !== undefined && now - first >= echo) process.exit(130);
    if (first !== undefined) return;
    first = now;
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
