/** A proxy that takes no new connections, as Istio's own task of locality failover does it. */
import { clusterOf } from "../run/running-lab.ts";
import { replaced } from "../../cluster/restarted.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { runningPods } from "../../cluster/pods.ts";
import type { Victims } from "./kill.ts";

export interface DrainListenersFault extends Fault {
  readonly kind: "drain-listeners";
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly labels: string;
}

export function drainListeners(target: Omit<DrainListenersFault, "kind" | "says">): DrainListenersFault {
  const says = `listeners of every ${target.deployment} in ${target.cluster} drained`;
  return { kind: "drain-listeners", says, ...target };
}

export const drainListenersKind: FaultKind<DrainListenersFault, Victims> = {
  async prepare(lab, { cluster, namespace, labels }) {
    return { pods: await runningPods(clusterOf(lab, cluster), namespace, labels) };
  },

  /** https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/ */
  async inject(lab, { cluster, namespace }, { pods }) {
    const command = ["pilot-agent", "request", "POST", "drain_listeners"];
    await Promise.all(
      pods.map(({ name }) => clusterOf(lab, cluster).exec({ namespace, pod: name, container: "istio-proxy" }, command)),
    );
  },

  /** A proxy that has drained stays so: its pod is replaced. */
  async remove(lab, { cluster: name, namespace, deployment }, { pods }) {
    const its = pods.map((pod) => pod.name);
    await replaced(clusterOf(lab, name), namespace, deployment, { its });
  },
};
