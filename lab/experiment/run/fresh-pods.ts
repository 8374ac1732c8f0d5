/** Pods as new at the start of each repeat, so that repeats are alike. */
import { restartedPods } from "../../cluster/pods.ts";
import { replaced } from "../../cluster/restarted.ts";
import type { AnyFault } from "../faults/kinds.ts";
import type { KillFault } from "../faults/kill.ts";
import { clusterOf, type RunningLab } from "./running-lab.ts";

/**
 * Replaces those pods that a fault is to kill and that have died before: with each death the kubelet waits longer until it
 * starts a container again (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy). Nobody asks
 * them anything meanwhile.
 */
export async function freshPods(lab: RunningLab, faults: readonly AnyFault[]): Promise<void> {
  const kills = faults.filter((fault): fault is KillFault => fault.kind === "kill");
  await Promise.all(
    kills.map(async ({ cluster: name, namespace, deployment, labels }) => {
      const cluster = clusterOf(lab, name);
      const its = await restartedPods(cluster, namespace, labels);
      if (its.length > 0) await replaced(cluster, namespace, deployment, { its, grace: 0 });
    }),
  );
}
