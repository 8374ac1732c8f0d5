/** New pods in the place of old ones, as `kubectl rollout restart` makes them. */
import { readiness, removePods } from "./pods.ts";
import type { Cluster, Reference } from "./cluster.ts";
import { until, workloadRolledOut } from "./wait.ts";

const deployment = (namespace: string, name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
});

/** Resolves when only new ones of a Deployment are left, and ready. */
export const restarted = (cluster: Cluster, namespace: string, name: string): Promise<void> =>
  workloadRestarted(cluster, deployment(namespace, name));

/** As `restarted`, of a Deployment, StatefulSet or DaemonSet. */
export async function workloadRestarted(cluster: Cluster, workload: Reference, seconds = 180): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  await cluster.merge(workload, { spec: { template: { metadata: { annotations } } } });
  await workloadRolledOut(cluster, workload, seconds);
}

interface Selecting {
  readonly spec: { readonly replicas: number; readonly selector: { readonly matchLabels: Record<string, string> } };
}

/**
 * Removes pods of a Deployment, and resolves when as many others as it wants are ready. Looks at the pods: the
 * Deployment tells of those that are gone until its controller has noticed.
 *
 * @param its the names of those to remove; absent for all at once, for where nobody is to be served meanwhile
 * @param grace seconds that each gets to end by itself; absent for what it asks for itself
 */
export async function replaced(
  cluster: Cluster,
  namespace: string,
  name: string,
  { its, grace }: { its?: readonly string[]; grace?: number } = {},
): Promise<void> {
  const found = await cluster.read<Selecting>(deployment(namespace, name));
  if (found === undefined) return;
  const { replicas, selector } = found.spec;
  const labels = Object.entries(selector.matchLabels).map((label) => label.join("="));
  const look = () => readiness(cluster, namespace, labels.join(","));
  const old = its ?? (await look()).all;
  await removePods(cluster, namespace, old, grace);
  await until(`${name} of ${cluster.name} has new pods`, 180, async () => {
    const ready = (await look()).ready.filter((pod) => !old.includes(pod));
    return ready.length >= replicas || `of the ${replicas} that it wants ${ready.length} are ready`;
  });
}
