/** How far a cluster's clock is from that of whoever marks the fault. */
import { runningPods } from "../../cluster/pods.ts";
import type { Result } from "../result.ts";
import { namespace, server } from "../workload/names.ts";
import type { Cluster } from "../../cluster/cluster.ts";

/** Waits for a second to begin, and names it: not every `date` knows fractions. */
const tick = 'now=$(date +%s); while [ "$(date +%s)" = "$now" ]; do :; done; date +%s';

/**
 * Asked of a pod of the service under load.
 * @returns by how many milliseconds its clock is ahead, and how far that may be off: half of what a question takes
 */
export async function clockSkew(cluster: Cluster): Promise<Result["load"]["skew"][string]> {
  const [pod] = await runningPods(cluster, namespace, `app=${server}`);
  if (pod === undefined) throw new Error(`No ${server} runs in ${cluster.name}.`);
  const at = { namespace, pod: pod.name, container: server };
  const asked = performance.now();
  await cluster.exec(at, ["/bin/sh", "-c", ":"]);
  const within = (performance.now() - asked) / 2;
  let heardAt = 0;
  const second = await cluster.exec(at, ["/bin/sh", "-c", tick], () => {
    heardAt ||= Date.now();
  });
  return { ahead: Math.round(Number(second) * 1_000 - heardAt + within), within: Math.ceil(within) };
}
