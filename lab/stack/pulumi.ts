/** Pulumi's command, run in the project. */
import { spawn } from "node:child_process";
import { projectRoot } from "../plan/project.ts";
import { UsageError } from "../plan/usage-error.ts";

/** @returns what the command printed; rejected with what it complained of */
export type Pulumi = (...args: readonly string[]) => Promise<string>;

/**
 * Runs Pulumi in the project.
 * @returns what it printed
 * @throws UsageError where the command is missing, and Error with the last of what it complained of; the rest of its output
 * may hold secrets and is not shown
 */
export const pulumi: Pulumi = (...args) =>
  new Promise((done, fail) => {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk.toString()));
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = "the command `pulumi` is not there: https://www.pulumi.com/docs/install/";
      fail(error.code === "ENOENT" ? new UsageError(missing) : error);
    });
    child.on("close", (code) => {
      if (code === 0) done(out.join(""));
      else fail(new Error(complaint(err.join("")) || complaint(errorsIn(out.join(""))) || `pulumi ended with ${code}`));
    });
  });

const complaint = (text: string): string => text.trim().split("\n").slice(-5).join("\n");

/** In `up` Pulumi complains among its output, and writes `[secret]` for each value that is one. */
const errorsIn = (output: string): string =>
  output
    .split("\n")
    .filter((line) => /^\s*error: /.test(line))
    .join("\n");
