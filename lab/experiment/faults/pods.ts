/** Which pods a fault is about. */
import type { Cluster } from "../run/cluster.ts";

export interface PodState {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string; readonly podIP?: string };
}

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly [key: string]: string;
}

/**
 * Pods that run, by name.
 * @throws Error where fewer run than `atLeast`
 */
export async function runningPods(cluster: Cluster, namespace: string, labels: string, atLeast = 1): Promise<Pod[]> {
  const pods = await cluster.list<PodState>("v1", "Pod", { namespace, labels });
  const running = pods.filter(
    ({ status, metadata }) => status.phase === "Running" && !("deletionTimestamp" in metadata),
  );
  if (running.length < atLeast)
    throw new Error(`Of ${labels} in ${namespace} of ${cluster.name} ${running.length} pods run, and ${atLeast} must.`);
  return running
    .map(({ metadata: { name, uid }, spec: { nodeName = "" } }) => ({ name, uid, node: nodeName }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** @param grace seconds that each gets to end by itself; absent for what it asks for itself */
export async function removePods(
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
  grace?: number,
): Promise<void> {
  const references = names.map((name) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } }));
  await Promise.all(references.map((reference) => cluster.remove(reference, grace)));
}
