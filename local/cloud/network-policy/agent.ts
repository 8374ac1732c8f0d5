import type { NodeRecord } from "../../aws/runtime.ts";
import type { KubeClient, KubeObject, WatchEvent } from "../cluster/kube-client.ts";
import { findMachine, runInside } from "../machines.ts";
import { nodeNamespace } from "../names.ts";
import { nodeScript, table, type NetworkPolicy, type Pod } from "./rules.ts";

export interface AgentOptions {
  runDir: string;
  client: KubeClient;
  /** The cluster's nodes as the ledger has them now. */
  nodes: () => NodeRecord[];
  log: (line: string) => void;
}

/**
 * The node agents of the VPC CNI, which enforce NetworkPolicies while the add-on is configured with
 * `enableNetworkPolicy`. As on EKS, a pod is open until its rules have been written
 * (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html).
 */
export class NetworkPolicyAgent {
  readonly #options: AgentOptions;
  readonly #stop = new AbortController();
  readonly #pods = new Map<string, Pod>();
  readonly #namespaces = new Map<string, KubeObject>();
  readonly #policies = new Map<string, NetworkPolicy>();
  /** What is in force, per machine: one that was started anew has nothing. */
  readonly #applied = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  start(): void {
    this.#follow("/api/v1/pods", this.#pods);
    this.#follow("/api/v1/namespaces", this.#namespaces);
    this.#follow("/apis/networking.k8s.io/v1/networkpolicies", this.#policies);
  }

  /** Ends the watching; what is in force stays, as when the agent's pod is gone. */
  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#options.client.close();
  }

  /** Ends enforcement. */
  async remove(): Promise<void> {
    this.stop();
    await this.#turn;
    const script = `table inet ${table}\ndelete table inet ${table}\n`;
    await Promise.all(this.#options.nodes().map((node) => this.#run(node, script)));
  }

  #follow<T extends KubeObject>(path: string, known: Map<string, T>): void {
    void this.#options.client.watch<T>(path, this.#stop.signal, ({ type, object }: WatchEvent<T>) => {
      const key = `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
      if (type === "DELETED") known.delete(key);
      else known.set(key, object);
      this.#schedule();
    });
  }

  /** Changes in quick succession are handled once. */
  #schedule(delay = 50): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn = this.#turn.then(() => this.#enforce());
    }, delay);
  }

  async #enforce(): Promise<void> {
    const inventory = {
      pods: [...this.#pods.values()],
      namespaces: [...this.#namespaces.values()],
      policies: [...this.#policies.values()],
    };
    for (const node of this.#options.nodes()) {
      const machine = findMachine(this.#options.runDir, nodeNamespace(node));
      if (machine === undefined) continue;
      const key = `${machine.name} ${String(machine.pid)}`;
      const script = nodeScript(node.name, inventory);
      if (this.#applied.get(key) === script) continue;
      try {
        await this.#run(node, script);
        this.#applied.set(key, script);
      } catch (error) {
        this.#options.log(`network policies of ${node.name}: ${(error as Error).message}`);
        this.#schedule(1000);
      }
    }
  }

  async #run(node: NodeRecord, script: string): Promise<void> {
    const machine = findMachine(this.#options.runDir, nodeNamespace(node));
    if (machine !== undefined) await runInside(machine, ["nft", "-f", "-"], script);
  }
}
