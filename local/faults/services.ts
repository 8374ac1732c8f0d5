/** Programs of the cloud's machines, ended behind everybody's back. */
import type { LedgerSnapshot } from "../aws/snapshot.ts";
import { cgroupProcesses } from "../cloud/cgroups.ts";
import { findMachine, startService } from "../cloud/machines.ts";
import { commandOf, environmentOf, kill, parentOf } from "../cloud/processes.ts";
import { runDir } from "../paths.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";

type Cluster = LedgerSnapshot["clusters"][number];

/** The EKS cluster of a cluster's name in the lab. */
export async function clusterOf(name: string): Promise<Cluster> {
  const { clusters } = (await callCloud("/ledger", undefined, cloudSocket(runDir))) as LedgerSnapshot;
  const found = clusters.find((cluster) => cluster.name.startsWith(`${name}-eksCluster-`));
  if (!found) throw new Error(`there is no cluster ${name}`);
  return found;
}

/** Processes of a program in a machine, or in the containers of one. */
export function processesOf(machine: string, program: string): number[] {
  return cgroupProcesses(machine).filter((pid) => commandOf(pid)[0]?.split("/").at(-1) === program);
}

/**
 * Stops a program of a machine: it accepts connections and never answers. Returns what lets it go on.
 *
 * @throws Error when the program does not run there
 */
export function freeze(machine: string, program: string): () => void {
  const [pid] = processesOf(machine, program);
  if (pid === undefined) throw new Error(`${program} does not run in ${machine}`);
  process.kill(pid, "SIGSTOP");
  return () => {
    // nsenter, its parent, stops with it; left so, it would never reap it, and the machine could not end.
    for (const stopped of [parentOf(pid), pid]) process.kill(stopped, "SIGCONT");
  };
}

/** A program of a machine that was killed and can be started again as it was. */
export class KilledService {
  readonly #machine: string;
  readonly #program: string;
  readonly #argv: string[];
  readonly #env: Record<string, string>;

  /** SIGKILL. @throws Error when the program does not run there */
  constructor(machine: string, program: string) {
    const [pid] = processesOf(machine, program);
    if (pid === undefined) throw new Error(`${program} does not run in ${machine}`);
    this.#machine = machine;
    this.#program = program;
    this.#argv = commandOf(pid);
    const entries = environmentOf(pid).map((entry) => entry.split(/=(.*)/s));
    this.#env = Object.fromEntries(entries.map(([name = "", value = ""]) => [name, value]));
    kill(pid);
  }

  startAgain(): void {
    const machine = findMachine(runDir, this.#machine);
    if (!machine) throw new Error(`${this.#machine} does not run`);
    startService(machine, { name: this.#program, argv: this.#argv, env: this.#env });
  }
}
