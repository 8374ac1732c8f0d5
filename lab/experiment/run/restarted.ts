/** New pods in the place of old ones, as `kubectl rollout restart` makes them. */
import { removePods } from "../faults/pods.ts";
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

interface Readiness {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

/** All pods at once, for where nobody is to be served meanwhile. Resolves when new ones are ready. */
export async function replaced(cluster: Cluster, namespace: string, name: string): Promise<void> {
  const pods = await cluster.list("v1", "Pod", { namespace });
  const its = pods.map(({ metadata }) => metadata.name).filter((pod) => pod.startsWith(`${name}-`));
  await removePods(cluster, namespace, its, 0);
  if (its.length === 0) return;
  // Until its controller has noticed, the Deployment still tells of those that are gone.
  await until(`${name} of ${cluster.name} has noticed that its pods are gone`, 30, async () => {
    const found = await cluster.read<Readiness>(deployment(namespace, name));
    const { readyReplicas = 0 } = found?.status ?? {};
    return readyReplicas < (found?.spec.replicas ?? 0) || `${readyReplicas} are ready still`;
  });
  await rolledOut(cluster, namespace, name, 180);
}
