import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Receives everything the command prints, after what is in it. */
  logFile: string;
}

/**
 * Runs a command to its end, its output going to a file.
 * @throws Error with the command, its last lines and where the whole log is, if it cannot start or fails.
 */
export async function run(command: string, args: string[], options: RunOptions): Promise<void> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a");
  try {
    await new Promise<void>((resolve, reject) => {
      const env = { ...process.env, ...options.env };
      const child = spawn(command, args, { cwd: options.cwd, env, stdio: ["ignore", log, log] });
      child.on("error", reject);
      child.on("close", (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(signal === null ? `exit code ${code}` : `ended by ${signal}`));
      });
    });
  } catch (error) {
    throw new Error(describeFailure([command, ...args].join(" "), error as Error, options), { cause: error });
  } finally {
    closeSync(log);
  }
}

function describeFailure(command: string, error: Error, { cwd, logFile }: RunOptions): string {
  const lines = [`${command}${cwd === undefined ? "" : ` (in ${cwd})`} failed: ${error.message}`];
  const last = lastLines(logFile, 15);
  if (last.length > 0) lines.push("Its last lines:", ...last.map((line) => `  ${line}`));
  lines.push(`The whole log: ${logFile}`);
  return lines.join("\n");
}

/** The last lines of a text file, without trailing blank ones; none if there is no such file. */
export function lastLines(file: string, count: number): string[] {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.trimEnd() === "" ? [] : text.trimEnd().split("\n").slice(-count);
}
