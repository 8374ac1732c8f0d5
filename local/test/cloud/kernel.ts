import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "mocha";
import { run } from "../../cloud/exec.ts";
import { namespaceNames } from "../../cloud/network/apply.ts";
import { closeWorld, missingPrerequisites } from "../../cloud/world.ts";

/** Processes that would keep this one alive. */
const started: ChildProcess[] = [];

/** Skips the suite, saying why, where namespaces cannot be made or a world is in use already. */
export function needKernel(context: Context): void {
  const reasons = missingPrerequisites();
  if (namespaceNames().length > 0) reasons.push("a local cloud is running on this machine: end it by its down command");
  if (reasons.length === 0) return;
  console.log(`      skipped: ${reasons.join("; ")}`);
  context.skip();
}

/** A folder for one world, and what ends both. */
export function scratchWorld(): { runDir: string; end: () => Promise<void> } {
  const runDir = mkdtempSync(join(tmpdir(), "il-test-"));
  return {
    runDir,
    end: async () => {
      for (const child of started.splice(0)) child.kill("SIGKILL");
      await closeWorld(runDir);
      rmSync(runDir, { recursive: true, force: true });
    },
  };
}

/**
 * A TCP server in the namespace that says `text` to whoever connects, or with `hold` echoes and never closes, or with
 * `http` answers every request with it. Resolves when it listens.
 */
export async function serve(
  namespace: string,
  port: number,
  text: string,
  options: { hold?: boolean; http?: boolean } = {},
): Promise<ChildProcess> {
  const answer = options.hold ? "s.pipe(s)" : `s.end(${JSON.stringify(text)})`;
  const server = options.http
    ? `require("http").createServer((_, s) => { ${answer} })`
    : `require("net").createServer(s => { s.on("error", () => {}); ${answer} })`;
  const program = `${server}
    .listen(${port}, "0.0.0.0", () => console.log("ready"))`;
  const child = spawn("nsenter", [`--net=/run/netns/${namespace}`, process.execPath, "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => {
      reject(new Error(`no server on port ${port} in ${namespace}`));
    });
  });
  return child;
}

/** What the server at the address says to a client in the namespace; undefined when nothing within a second. */
export async function ask(namespace: string, address: string, port: number): Promise<string | undefined> {
  const script = `exec 3<>/dev/tcp/${address}/${port} && cat <&3`;
  try {
    return await run(["nsenter", `--net=/run/netns/${namespace}`, "timeout", "1", "bash", "-c", script]);
  } catch {
    return undefined;
  }
}

/** A connection kept open by a client in the namespace; `ping` tells what an echo request finds. */
export async function hold(
  namespace: string,
  address: string,
  port: number,
): Promise<{ ping: () => Promise<"alive" | "reset" | "silent"> }> {
  const program = `const s = require("net").connect(${port}, "${address}", () => process.send("open"));
    s.on("error", () => process.send("reset")); s.on("data", () => process.send("alive"));
    process.on("message", () => s.write("x")); process.on("disconnect", () => process.exit());`;
  const child = spawn("nsenter", [`--net=/run/netns/${namespace}`, process.execPath, "-e", program], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  started.push(child);
  const next = (): Promise<unknown> => new Promise((resolve) => child.once("message", resolve));
  if ((await next()) !== "open") throw new Error(`no connection from ${namespace} to ${address}:${port}`);
  return {
    ping: async () => {
      const silence = new Promise<"silent">((resolve) => setTimeout(resolve, 2000, "silent"));
      const answer = next() as Promise<"alive" | "reset">;
      child.send("ping");
      return Promise.race([answer, silence]);
    },
  };
}
