import type { Cluster } from "../../cluster/cluster.ts";
import { connectedTo } from "../../cluster/istiod.ts";
import { readiness } from "../../cluster/pods.ts";
import { until } from "../../cluster/wait.ts";
import { namespace } from "../workload/names.ts";

/**
 * Resolves when every proxy of the experiment has an istiod. One whose istiod has ended looks for another at growing
 * intervals. Until it has one it hears of no change, and where all pods that it knows are replaced meanwhile, it finds
 * nobody any more.
 */
export async function everyProxyServed(cluster: Cluster): Promise<void> {
  await until(`istiod serves every proxy of ${cluster.name} again`, 120, async () => {
    const { all: pods } = await readiness(cluster, namespace, "");
    const served = await connectedTo(cluster);
    const missing = pods.filter((pod) => !served.some(({ proxy }) => proxy === `${pod}.${namespace}`));
    return missing.length === 0 || `not ${missing.join(", ")}`;
  });
}
