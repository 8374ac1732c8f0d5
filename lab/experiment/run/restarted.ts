/** New pods in the place of old ones, as `kubectl rollout restart` makes them. */
import type { Cluster } from "./cluster.ts";
import { rolledOut } from "./wait.ts";

/** Resolves when only new ones are left, and ready. */
export async function restarted(cluster: Cluster, namespace: string, name: string): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  const reference = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace } };
  await cluster.merge(reference, { spec: { template: { metadata: { annotations } } } });
  await rolledOut(cluster, namespace, name, 180);
}
