import { spawn } from "node:child_process";

/** Milliseconds to wait. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Runs a command and returns what it printed.
 * @throws Error with the command and its own words when it fails
 */
export function run(
  argv: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const [command, ...args] = argv;
  if (command === undefined) throw new Error("run: no command given");
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: options.env ?? process.env });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      reject(new Error(`${argv.join(" ")}: ${error.message}`));
    });
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else
        reject(new Error(`${argv.join(" ")}: exit code ${String(code)}: ${(stderr || stdout).trim().slice(0, 2000)}`));
    });
    child.stdin.end(options.input ?? "");
  });
}

/** Whether the command ends with exit code 0. */
export async function succeeds(argv: readonly string[]): Promise<boolean> {
  return run(argv).then(
    () => true,
    () => false,
  );
}

/**
 * Asks until the answer is not undefined.
 * @throws Error naming what was waited for, with the last error, after `seconds`
 */
export async function eventually<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined>,
  pause = 200,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(pause);
  }
  throw new Error(`${what}: not within ${seconds} s (${last})`);
}
