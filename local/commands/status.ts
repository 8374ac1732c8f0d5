import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import type { LedgerSnapshot } from "../aws/snapshot.ts";
import { worldProcesses } from "../cloud/world.ts";
import { runDir } from "../paths.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import { cloudAnswers } from "./cloud.ts";
import { places } from "./environment.ts";

/** Prints what runs. Returns 0 when the cloud runs and 3 when it does not, as service managers do. */
export async function printStatus(): Promise<number> {
  const running = await cloudAnswers(runDir);
  console.log(running ? `The local cloud runs in ${runDir}.` : "The local cloud does not run.");
  if (running) printLedger((await callCloud("/ledger", undefined, cloudSocket(runDir))) as LedgerSnapshot);
  const pids = worldProcesses();
  if (pids.length > 0)
    console.log(`processes: ${pids.length}, ${gibibytes(pids.reduce(sumResident, 0))} GiB of memory`);
  for (const { name, resources } of stacks()) console.log(`stack ${pc.bold(name)}: ${resources} resources`);
  return running ? 0 : 3;
}

function printLedger(ledger: LedgerSnapshot): void {
  for (const cluster of ledger.clusters) {
    console.log(`cluster ${pc.bold(cluster.name)} ${cluster.region} ${cluster.version} ${cluster.status}`);
    for (const group of cluster.nodeGroups) {
      for (const node of group.nodes) console.log(`  node ${node.name} ${node.zone} ${node.instanceType}`);
    }
  }
  for (const balancer of ledger.loadBalancers) {
    const { namespace, name } = balancer.service;
    console.log(`load balancer ${balancer.hostname} for ${balancer.cluster} ${namespace}/${name} (${balancer.scheme})`);
  }
}

/** The stacks of the file backend and how many resources each has. */
export function stacks(): { name: string; resources: number }[] {
  const directory = join(places(runDir).backend, ".pulumi", "stacks");
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({ name: file.replace(/^.*\/|\.json$/g, ""), resources: countResources(join(directory, file)) }));
}

function countResources(file: string): number {
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint?: { latest?: { resources?: unknown[] } };
  };
  return state.checkpoint?.latest?.resources?.length ?? 0;
}

/** Adds a process's share of memory, in bytes: what it shares with others is counted in parts. */
function sumResident(sum: number, pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    return sum + Number(match?.[1] ?? 0) * 1024;
  } catch {
    return sum; // It has ended.
  }
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
