/** New pods in the place of old ones, as `kubectl rollout restart` makes them. */
import { readiness, removePods } from "../faults/pods.ts";
import type { Cluster } from "./cluster.ts";
import { rolledOut, until } from "./wait.ts";

const deployment = (namespace: string, name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
});

/** Resolves when only new ones are left, and ready. */
export async function restarted(cluster: Cluster, namespace: string, name: string): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  await cluster.merge(deployment(namespace, name), { spec: { template: { metadata: { annotations } } } });
  await rolledOut(cluster, namespace, name, 180);
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
