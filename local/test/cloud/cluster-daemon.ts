import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "mocha";
import { internetNamespace } from "../../cloud/names.ts";
import { enterCommand } from "../../cloud/world.ts";
import { toolsDir } from "../../paths.ts";

/** Skips the test, saying why, where the tools have not been built. */
export function needTools(context: Context): void {
  if (existsSync(join(toolsDir(), "bin", "kubelet")) && existsSync(join(toolsDir(), "images", "index.json"))) return;
  console.log("      skipped: the tools are not built: npm run local -- build");
  context.skip();
}

/** one-cluster.ts as a process on the internet of an open world. */
export class ClusterDaemon {
  /** The cluster's outputs, once its nodes are Ready. */
  readonly ready: Promise<Record<string, unknown>>;
  readonly #child: ChildProcess;
  #turn = 0;

  constructor(runDir: string) {
    const program = [process.execPath, join(import.meta.dirname, "one-cluster.ts"), runDir];
    const [command = "", ...args] = enterCommand(program, { runDir, namespace: internetNamespace });
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    this.#child = child;
    let log = "";
    child.stdout?.on("data", (chunk: Buffer) => (log += chunk.toString()));
    this.ready = new Promise((resolve, reject) => {
      child.once("message", ({ ready, laps }: { ready: Record<string, unknown>; laps: object }) => {
        if (Object.keys(laps).length > 0) console.log(`      seconds: ${JSON.stringify(laps)}`);
        resolve(ready);
      });
      child.once("exit", () => {
        reject(new Error(`the daemon ended: ${log}`));
      });
    });
  }

  /** Asks for one of the requests that one-cluster.ts knows. */
  request<T>(name: string, argument = ""): Promise<T> {
    const number = ++this.#turn;
    return new Promise((resolve, reject) => {
      const listen = (message: { number?: number; value?: T; error?: string }): void => {
        if (message.number !== number) return;
        this.#child.off("message", listen);
        if (message.error === undefined) resolve(message.value as T);
        else reject(new Error(message.error));
      };
      this.#child.on("message", listen);
      this.#child.send({ number, name, argument });
    });
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
