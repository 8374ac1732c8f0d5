/** SIGKILL to all containers of some pods at once, application and proxy: see workload/hand.ts. */
import { handNamespace, hand } from "../workload/names.ts";
import { killCommand } from "../workload/hand.ts";
import { clusterOf } from "../run/running-lab.ts";
import { replaced } from "../../cluster/restarted.ts";
import { rolledOut } from "../../cluster/wait.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { runningPods, type Pod } from "../../cluster/pods.ts";

export interface KillFault extends Fault {
  readonly kind: "kill";
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly labels: string;
  /** How many of its pods. */
  readonly count: number;
  /** Seconds for which they are killed again whenever they come back; 0 for once. */
  readonly hold: number;
}

export interface Victims {
  readonly pods: readonly Pod[];
  readonly [key: string]: readonly Pod[];
}

type Target = Pick<KillFault, "cluster" | "namespace" | "deployment" | "labels">;

export function kill(target: Target, count: number, hold = 0): KillFault {
  const held = hold > 0 ? `, and held down` : "";
  const says = `SIGKILL to ${count} ${count === 1 ? "pod" : "pods"} of ${target.deployment} in ${target.cluster}${held}`;
  return { kind: "kill", says, ...target, count, hold };
}

export const killKind: FaultKind<KillFault, Victims> = {
  async prepare(lab, { cluster, namespace, labels, count }) {
    const pods = await runningPods(clusterOf(lab, cluster), namespace, labels, count);
    return { pods: pods.slice(0, count) };
  },

  /** Resolves when a process of each node's victims was killed; what is held down goes on by itself. */
  async inject(lab, { cluster: name, hold }, { pods }) {
    const cluster = clusterOf(lab, name);
    const hands = await runningPods(cluster, handNamespace, `app=${hand}`);
    const nodes = [...new Set(pods.map(({ node }) => node))];
    await Promise.all(
      nodes.map(async (node) => {
        const pod = hands.find((each) => each.node === node);
        if (pod === undefined) throw new Error(`No ${hand} runs on ${node} of ${name}.`);
        const uids = pods.filter((each) => each.node === node).map(({ uid }) => uid);
        const at = { namespace: handNamespace, pod: pod.name, container: hand };
        await new Promise<void>((resolve, reject) => {
          const heard = (text: string) => {
            if (text.includes("killed")) resolve();
          };
          cluster.exec(at, killCommand(uids, hold), heard).then(() => {
            resolve();
          }, reject);
        });
      }),
    );
  },

  /** What was held down would come back at Kubernetes' own pace, which slows down with each death: it is replaced. */
  async remove(lab, { cluster: name, namespace, deployment, hold }, { pods }) {
    const cluster = clusterOf(lab, name);
    const names = pods.map(({ name }) => name);
    if (hold > 0) await replaced(cluster, namespace, deployment, { its: names, grace: 0 });
    else await rolledOut(cluster, namespace, deployment);
  },
};
