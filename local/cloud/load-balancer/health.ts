import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { LedgerLoadBalancers } from "../../aws/controller.ts";
import type { LedgerSnapshot, LoadBalancerRecord } from "../../aws/runtime.ts";
import { succeeds } from "../exec.ts";
import { vpcNamespace } from "../names.ts";
import type { Check, Finding } from "./checker.ts";

/** Health checks of every VPC's load balancers, each VPC's by a process in its router's namespace. */
export class HealthChecks {
  readonly #ledger: LedgerLoadBalancers;
  readonly #log: (line: string) => void;
  readonly #processes = new Map<string, { child: ChildProcess; sent: string }>();
  #snapshot: LedgerSnapshot | undefined;

  constructor(ledger: LedgerLoadBalancers, log: (line: string) => void) {
    this.#ledger = ledger;
    this.#log = log;
  }

  /** To be called when the network of the snapshot stands. */
  update(snapshot: LedgerSnapshot): void {
    this.#snapshot = snapshot;
    const vpcs = new Set(snapshot.loadBalancers.map(({ vpcId }) => vpcId));
    for (const [vpcId, { child }] of this.#processes) {
      if (vpcs.has(vpcId)) continue;
      child.kill("SIGKILL");
      this.#processes.delete(vpcId);
    }
    for (const vpcId of vpcs) {
      const running = this.#processes.get(vpcId) ?? { child: this.#start(vpcId), sent: "" };
      this.#processes.set(vpcId, running);
      const checks = checksOf(snapshot, vpcId);
      // Health is the checker's own finding; only new or changed targets are news to it.
      const text = JSON.stringify(checks.map(({ health: _, ...rest }) => rest));
      if (text === running.sent) continue;
      running.sent = text;
      running.child.send(checks);
    }
  }

  close(): void {
    for (const { child } of this.#processes.values()) child.kill("SIGKILL");
    this.#processes.clear();
  }

  #start(vpcId: string): ChildProcess {
    const script = join(import.meta.dirname, "checker.ts");
    const child = spawn(
      "nsenter",
      [`--net=/run/netns/${vpcNamespace(vpcId)}`, process.execPath, "--max-old-space-size=64", script],
      { stdio: ["ignore", "ignore", "inherit", "ipc"] },
    );
    child.on("message", (message) => void this.#found(message as Finding));
    child.on("exit", () => {
      if (this.#processes.get(vpcId)?.child !== child) return;
      this.#log(`health checks of ${vpcId} ended; they start again`);
      this.#processes.delete(vpcId);
      setTimeout(() => this.#snapshot && this.update(this.#snapshot), 1000).unref();
    });
    return child;
  }

  async #found({ arn, ip, port, health }: Finding): Promise<void> {
    this.#log(`target ${ip}:${port} of ${arn.split("/").at(-2) ?? arn} is ${health}`);
    try {
      await this.#ledger.setTargetHealth(arn, [{ ip, port, health }]);
      const lb = this.#snapshot?.loadBalancers.find(({ listeners }) =>
        listeners.some(({ targetGroupArn }) => targetGroupArn === arn),
      );
      if (health === "unhealthy" && lb !== undefined) await endConnections(lb, { ip, port });
    } catch (error) {
      this.#log(`target ${ip}:${port}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/**
 * An NLB ends the connections of a target that turns unhealthy. Once the translation is forgotten, the client's next
 * packet reaches another target, which answers with a reset.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
 */
export async function endConnections(lb: LoadBalancerRecord, target: { ip: string; port: number }): Promise<void> {
  for (const address of lb.zones.flatMap(({ privateIp, publicIp }) => [privateIp, ...(publicIp ? [publicIp] : [])])) {
    const flow = ["--orig-dst", address, "--reply-src", target.ip, "--reply-port-src", String(target.port)];
    const inside = ["nsenter", `--net=/run/netns/${vpcNamespace(lb.vpcId)}`];
    // conntrack fails when there was no such connection.
    await succeeds([...inside, "conntrack", "-D", "-p", "tcp", ...flow]);
  }
}

/** Every registered target that still takes connections. */
export function checksOf(snapshot: LedgerSnapshot, vpcId: string): Check[] {
  return snapshot.loadBalancers
    .filter((lb) => lb.vpcId === vpcId)
    .flatMap((lb) =>
      snapshot.targetGroups
        .filter(({ arn }) => lb.listeners.some(({ targetGroupArn }) => targetGroupArn === arn))
        .flatMap(({ arn, targets, healthCheck: check }) =>
          targets
            .filter(({ health }) => health !== "draining")
            .map(({ ip, port, zone, health }) => ({ arn, ip, port, source: sourceFor(lb, zone), health, check })),
        ),
    );
}

/** The load balancer's address in the target's zone, else its first. */
function sourceFor({ zones }: LoadBalancerRecord, zone: string): string {
  return (zones.find((candidate) => candidate.zone === zone) ?? zones[0])?.privateIp ?? "0.0.0.0";
}
