import { existsSync, rmSync } from "node:fs";
import { cgroupNames } from "../cloud/cgroups.ts";
import { namespaceNames } from "../cloud/network/apply.ts";
import { closeWorld, worldProcesses } from "../cloud/world.ts";
import { runDir } from "../paths.ts";
import { stopDaemon } from "./cloud.ts";
import { stacks } from "./status.ts";

/**
 * Ends the cloud: the daemon by its own means, then whatever is left by what it belongs to, then the files. Works after
 * a crash, and again when there is nothing. Says what was removed. The built tools stay.
 */
export async function takeDown(): Promise<void> {
  const found = {
    processes: worldProcesses().length,
    namespaces: namespaceNames().length,
    cgroups: cgroupNames().length,
    files: existsSync(runDir),
  };
  const lost = stacks().filter(({ resources }) => resources > 0);
  await stopDaemon(runDir);
  await closeWorld(runDir);
  // A command in the cloud's shell, which belongs to nothing of it, may still write a file: seen as ENOTEMPTY.
  rmSync(runDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const parts = [
    ...(found.processes ? [`${found.processes} processes`] : []),
    ...(found.namespaces ? [`${found.namespaces} network namespaces`] : []),
    ...(found.cgroups ? [`${found.cgroups} cgroups`] : []),
    ...(found.files ? [runDir] : []),
  ];
  console.log(parts.length === 0 ? "There was nothing to remove." : `Removed ${parts.join(", ")}.`);
  for (const { name, resources } of lost) {
    console.log(`Stack ${name} still had ${resources} resources: they and its state went with the cloud.`);
  }
}
