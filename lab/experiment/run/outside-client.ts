/** A user outside of every cluster: k6 as a process beside this one. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { UsageError } from "../../plan/usage-error.ts";
import { outside } from "../experiment.ts";
import type { Request } from "../measure/request.ts";
import { k6Arguments, k6Environment, loadScript, type LoadOptions } from "../workload/load.ts";
import { Told, type LoadClient, type ZoneOf } from "./load-client.ts";

export class OutsideClient implements LoadClient {
  readonly name = outside;
  readonly #told: Told;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, told: Told) {
    this.#process = process;
    this.#told = told;
  }

  /** @throws UsageError where k6 is not installed */
  static async start(options: LoadOptions, zoneOf: ZoneOf): Promise<OutsideClient> {
    const told = new Told(outside, zoneOf);
    const env = { ...process.env, ...k6Environment(options) };
    const k6 = spawn("k6", k6Arguments("-"), { env, stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [k6.stdout, k6.stderr])
      stream.on("data", (chunk: Buffer) => {
        told.hear(chunk.toString());
      });
    k6.stdin.end(loadScript);
    await once(k6, "spawn").catch((error: unknown) => {
      const missing = "A user outside needs the command `k6`: https://grafana.com/docs/k6/latest/set-up/install-k6/";
      throw (error as NodeJS.ErrnoException).code === "ENOENT" ? new UsageError(missing) : error;
    });
    return new OutsideClient(k6, told);
  }

  since(from: number): Request[] {
    return this.#told.since(from);
  }

  async stop(): Promise<Request[]> {
    await this.#end("SIGINT");
    return this.#told.all();
  }

  dispose(): Promise<void> {
    return this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "close");
    this.#process.kill(signal);
    await ended;
  }
}
