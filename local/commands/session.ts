import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { enterCommand } from "../cloud/world.ts";
import { runDir, toolsDir } from "../paths.ts";
import { installCommands, installPlugins } from "../plugins/host/launchers.ts";
import { buildTools } from "../tools/build.ts";
import { refreshWorkspace } from "../workspace.ts";
import { ensureCloud } from "./cloud.ts";
import { environment, places } from "./environment.ts";
import { removeStaleLocks } from "./locks.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { say } from "./say.ts";

/** The root of the checkout. */
export const project = join(import.meta.dirname, "..", "..");

/** A running cloud, and how to run commands on the user's machine in it. */
export interface Session {
  workspace: string;
  env: Record<string, string>;
}

/**
 * Builds what is missing, starts the cloud and makes the workspace a fresh copy of the project.
 *
 * @param options.previousIstio whether also the Istio of the minor before is needed
 */
export async function openSession(options: { previousIstio?: boolean } = {}): Promise<Session> {
  const modules = join(project, "node_modules");
  if (!existsSync(modules)) throw new Error(`${modules} is missing: run \`npm ci\` in ${project} first`);
  const at = places(runDir);
  const tools = await buildTools({ log: say, ...options });
  const env = environment(at, tools.bin);
  await ensureCloud({ runDir, env });
  mkdirSync(at.backend, { recursive: true });
  removeStaleLocks(at.backend);
  installCommands(at.bin);
  installPlugins(at.pulumiHome, modules);
  refreshWorkspace(project, at.workspace, toolsDir());
  await writeKubeconfig(runDir);
  return { workspace: at.workspace, env };
}

/**
 * Runs a command on the user's machine in the workspace, on this terminal.
 *
 * @returns its exit code, or 128 and the signal's number
 */
export function runInside(session: Session, argv: string[]): Promise<number> {
  const [command = "", ...args] = enterCommand(argv, { cwd: session.workspace, runDir });
  const child = spawn(command, args, { stdio: "inherit", env: session.env });
  // Ctrl-C goes to the command too, which is the one to end (or not): this process waits for it.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGTERM", pass);
  process.on("SIGHUP", pass);
  return new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  }).finally(() => {
    process.off("SIGINT", ignore);
    process.off("SIGTERM", pass);
    process.off("SIGHUP", pass);
  });
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal ? constants.signals[signal] : 0;
}
