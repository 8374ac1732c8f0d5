/** What istiods say of themselves: istio/istio, pilot/pkg/xds/debug.go. */
import * as z from "zod";
import type { Cluster, Selection } from "./cluster.ts";
import { podsThatRun } from "./pods.ts";

/** A proxy that is connected to an istiod. */
export interface ConnectedProxy {
  /** The cluster in which that istiod runs, and its pod. */
  readonly istiod: { readonly cluster: string; readonly pod: string };
  /** `pod.namespace` */
  readonly proxy: string;
  /** Istio's name of the cluster in which the proxy runs. */
  readonly cluster: string;
  readonly version: string;
}

/**
 * What each istiod of a cluster that runs answers to a path such as `/debug/syncz`, by its pod's name.
 * @param where its namespace; absent for all of the cluster
 */
export async function askIstiods(
  cluster: Cluster,
  path: string,
  where: Pick<Selection, "namespace"> = {},
): Promise<ReadonlyMap<string, string>> {
  const istiods = await podsThatRun(cluster, { ...where, labels: "app=istiod" });
  const answers = istiods.map(async ({ metadata: { name: pod, namespace = "" } }) => {
    // istiod answers its own machine without asking who it is.
    const command = ["pilot-discovery", "request", "GET", path];
    return [pod, await cluster.exec({ namespace, pod, container: "discovery" }, command)] as const;
  });
  return new Map(await Promise.all(answers));
}

/** Whom the istiods of a cluster serve. */
export async function connectedTo(cluster: Cluster): Promise<ConnectedProxy[]> {
  const answers = await askIstiods(cluster, "/debug/syncz");
  return [...answers].flatMap(([pod, printed]) => connectedIn(printed, { cluster: cluster.name, pod }));
}

/** SyncStatus there. */
const syncz = z.array(
  z.object({ proxy: z.string(), cluster_id: z.string().default(""), istio_version: z.string().default("") }),
);

export const connectedIn = (printed: string, istiod: ConnectedProxy["istiod"]): ConnectedProxy[] =>
  syncz
    .parse(JSON.parse(printed))
    .map(({ proxy, cluster_id, istio_version }) => ({ istiod, proxy, cluster: cluster_id, version: istio_version }));
