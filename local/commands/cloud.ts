import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { internetNamespace } from "../cloud/names.ts";
import { namespaceNames } from "../cloud/network/apply.ts";
import { openWorld } from "../cloud/world.ts";
import { CloudUnreachable, callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import { say } from "./say.ts";

const daemon = join(import.meta.dirname, "..", "cloud", "daemon.ts");
/** Starting up again with clusters in the ledger takes longer than an empty start. */
const startSeconds = 120;

/** How a cloud is started. */
export interface CloudOptions {
  runDir: string;
  env: Record<string, string>;
  /** "null" keeps a ledger and makes nothing real, without namespaces; for tests. */
  runtime?: "null";
}

/** Makes sure that the closed world stands and its daemon answers. */
export async function ensureCloud(options: CloudOptions): Promise<void> {
  if (options.runtime !== "null") await openOwnWorld(options.runDir);
  if (await cloudAnswers(options.runDir)) return;
  say("starting the cloud");
  await startDaemon(options);
}

/** There is one world per machine, because names of namespaces and cgroups are the machine's. */
async function openOwnWorld(runDir: string): Promise<void> {
  if (namespaceNames().length > 0 && !existsSync(join(runDir, "resolv.conf"))) {
    throw new Error(
      `another local cloud's namespaces stand on this machine, and nothing of it is in ${runDir}: ` +
        "end it where it was started, or remove what it left behind with `npm run local -- down`",
    );
  }
  await openWorld(runDir);
}

/** Whether the daemon answers. */
export async function cloudAnswers(runDir: string): Promise<boolean> {
  try {
    await callCloud("/status", undefined, cloudSocket(runDir));
    return true;
  } catch (error) {
    if (error instanceof CloudUnreachable) return false;
    throw error;
  }
}

async function startDaemon({ runDir, env, runtime }: CloudOptions): Promise<void> {
  mkdirSync(runDir, { recursive: true });
  rmSync(cloudSocket(runDir), { force: true });
  const logFile = join(runDir, "cloud.log");
  const log = openSync(logFile, "a");
  const node = [process.execPath, daemon, ...(runtime ? ["--runtime", runtime] : [])];
  // Only the network changes: what the daemon mounts (namespaces, machines) has to be seen by everybody.
  const [command = "", ...args] = runtime ? node : ["nsenter", `--net=/run/netns/${internetNamespace}`, ...node];
  const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log], env, cwd: "/" });
  closeSync(log);
  let ended: string | undefined;
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code, signal) => (ended = `exit code ${String(code ?? signal)}`));
  for (const deadline = Date.now() + startSeconds * 1000; Date.now() < deadline; await sleep(100)) {
    if (await cloudAnswers(runDir)) {
      child.unref();
      return;
    }
    if (ended !== undefined) throw new Error(`the cloud's daemon ended at once (${ended}):\n${tail(logFile)}`);
  }
  throw new Error(
    `the cloud's daemon does not answer within ${startSeconds} s; the end of ${logFile}:\n${tail(logFile)}`,
  );
}

/** Asks the daemon to end, and gives it a while; whatever is left is found by other means. */
export async function stopDaemon(runDir: string): Promise<void> {
  if (!existsSync(cloudSocket(runDir))) return;
  try {
    await callCloud("/shutdown", {}, cloudSocket(runDir));
  } catch {
    return; // Nobody listens any more.
  }
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(100)) {
    if (!(await cloudAnswers(runDir))) return;
  }
}

/** The last lines of a log. */
function tail(path: string): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-20).join("\n");
}
