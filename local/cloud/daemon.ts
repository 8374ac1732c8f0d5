import { mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Ledger } from "../aws/ledger.ts";
import { NullRuntime } from "../aws/runtime.ts";
import type { Runtime } from "../aws/runtime.ts";
import { cacheDir, runDir } from "../paths.ts";
import { createApi } from "./api.ts";

/**
 * The cloud's one process: keeps the ledger, lets a runtime make it real, and answers on `<runDir>/cloud.sock`. With
 * `--runtime null` nothing is made real: clusters have no API server.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runtime: { type: "string", default: "kernel" } } });
  mkdirSync(runDir, { recursive: true });
  const socket = join(runDir, "cloud.sock");
  if (await answers(socket)) throw new Error(`another cloud already answers at ${socket}`);
  rmSync(socket, { force: true });
  const ledger = await Ledger.open({
    file: join(runDir, "ledger.json"),
    cacheDir,
    runtime: (opened) => (values.runtime === "null" ? new NullRuntime() : kernelRuntime(opened)),
  });
  const server = createApi({ ledger, log, shutdown: () => stop("shutdown") });
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log(`ends: ${why}`);
    server.close();
    rmSync(socket, { force: true });
    ledger.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log(`while ending: ${String((error as Error).stack ?? error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  server.listen(socket, () => log(`answers at ${socket}`));
}

/** Loaded only when wanted: it needs root, namespaces and the tools. */
async function kernelRuntime(ledger: Ledger): Promise<Runtime> {
  const { createRuntime } = await import("./runtime.ts");
  const { loadBalancers, endpointHealth } = ledger;
  return createRuntime({ runDir, loadBalancers, endpointHealth, snapshot: () => ledger.snapshot(), log });
}

/** Whether somebody listens at a socket. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket, () => resolve(true));
    probe.on("error", () => resolve(false));
    probe.on("connect", () => probe.destroy());
  });
}

function log(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

try {
  await main();
} catch (error) {
  console.error(`the cloud cannot start: ${(error as Error).message}`);
  process.exit(1);
}
