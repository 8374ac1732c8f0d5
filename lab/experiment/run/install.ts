/** Puts what experiments need into a lab's clusters, and takes it away. */
import type { AnyFault } from "../faults/kinds.ts";
import { removePods } from "../../cluster/pods.ts";
import { handObjects } from "../workload/hand.ts";
import { client, hand, handNamespace, namespace, server } from "../workload/names.ts";
import { serverObjects, serverPolicy } from "../workload/server.ts";
import type { Cluster, Reference } from "../../cluster/cluster.ts";
import { clusterOf, type RunningLab } from "./running-lab.ts";
import { stageOf } from "./scene.ts";
import { rolledOut, until } from "../../cluster/wait.ts";

/** Resolves when all of it runs. What stands already is made what it is to be; clients that a killed run left are ended. */
export async function install(lab: RunningLab, replicas: number, faults: readonly AnyFault[]): Promise<void> {
  const killed = new Set(faults.flatMap((fault) => (fault.kind === "kill" ? [fault.cluster] : [])));
  const images = lab.plan.artifacts.sampleImages;
  const stage = stageOf(lab);
  await Promise.all(
    stage.map(async (plan) => {
      const cluster = clusterOf(lab, plan.name);
      await endPods(cluster, { namespace, labels: `app=${client}` });
      const hands = killed.has(plan.name) ? handObjects(images) : [];
      for (const object of [...serverObjects(lab.plan, plan, replicas), ...hands]) await cluster.apply(object);
    }),
  );
  for (const plan of lab.plan.clusters)
    for (const object of serverPolicy(lab.plan, plan)) await clusterOf(lab, plan.name).apply(object);
  await Promise.all(stage.map(({ name }) => rolledOut(clusterOf(lab, name), namespace, server)));
  await Promise.all([...killed].map((name) => handsReady(lab, name)));
}

/** Removes the namespaces with all that is in them. Resolves when they are gone, so that they can be made anew. */
export async function uninstall(lab: RunningLab): Promise<void> {
  const namespaces = [namespace, handNamespace].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  const all = stageOf(lab).flatMap(({ name }) => namespaces.map((each) => ({ cluster: clusterOf(lab, name), each })));
  await Promise.all(all.map(({ cluster, each }) => removeAtOnce(cluster, each)));
  await Promise.all(
    all.map(({ cluster, each }) =>
      until(
        `the namespace ${each.metadata.name} of ${cluster.name} is gone`,
        120,
        async () => (await cluster.read(each)) === undefined || "it is still there",
      ),
    ),
  );
}

/** Nobody is to be served any more, so no pod gets the time to end by itself. */
async function removeAtOnce(cluster: Cluster, namespaceOf: Reference): Promise<void> {
  await cluster.remove(namespaceOf);
  await endPods(cluster, { namespace: namespaceOf.metadata.name });
}

/** Without the time to end by themselves. */
async function endPods(cluster: Cluster, of: { readonly namespace: string; readonly labels?: string }): Promise<void> {
  const pods = await cluster.list("v1", "Pod", of);
  const names = pods.map(({ metadata }) => metadata.name);
  await removePods(cluster, of.namespace, names, 0);
}

interface DaemonSetState {
  readonly status: { readonly desiredNumberScheduled: number; readonly numberReady: number };
}

async function handsReady(lab: RunningLab, name: string): Promise<void> {
  const reference = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: hand, namespace: handNamespace } };
  await until(`a ${hand} is ready on every node of ${name}`, 120, async () => {
    const found = await clusterOf(lab, name).read<DaemonSetState>(reference);
    const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0 } = found?.status ?? {};
    return (wanted > 0 && ready === wanted) || `${ready} of ${wanted} are`;
  });
}
