/** Which istiod serves a workload. */
import type { ConnectedProxy } from "../cluster/istiod.ts";
import type { Eye, Place } from "./observe/eye.ts";

/**
 * istiods to which the proxies of an application's pods are connected. A proxy is named `pod.namespace`, and a pod after
 * its Deployment.
 */
export async function istiodsOf(
  eye: Eye,
  { cluster, namespace, app }: Place,
): Promise<readonly ConnectedProxy["istiod"][]> {
  const connected = await eye.connected();
  return connected
    .filter(
      (each) => each.cluster === cluster && each.proxy.startsWith(`${app}-`) && each.proxy.endsWith(`.${namespace}`),
    )
    .map(({ istiod }) => istiod);
}
