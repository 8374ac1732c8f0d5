import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { registryConfig } from "../images/registry.ts";
import { ensureCgroup, joinCgroupScript } from "./cgroups.ts";
import { eventually } from "./exec.ts";
import { internetAddresses, internetNamespace, registryPort } from "./names.ts";

/** Starts the image registry on the internet, unless it runs already; this process has to be on the internet itself. */
export async function startRegistry(runDir: string): Promise<void> {
  const { registry: address } = internetAddresses;
  if (await listens(address, registryPort)) return;
  const { command, env } = registryConfig(`${address}:${registryPort}`);
  ensureCgroup(internetNamespace);
  const log = join(runDir, "registry.log");
  const output = openSync(log, "a");
  const child = spawn("bash", ["-c", `${joinCgroupScript(internetNamespace)}; exec "$@"`, "registry", ...command], {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, ...env, GOGC: "60" },
  });
  closeSync(output);
  child.unref();
  await eventually(
    `image registry (see ${log})`,
    20,
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
      return (await listens(address, registryPort)) ? true : undefined;
    },
    50,
  );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
