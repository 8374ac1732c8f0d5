/** What `lab status` asks of clusters beyond reading objects. */
import * as z from "zod";
import { externalIstiodNamespace, istioNamespace as istioSystem } from "../../topology/names.ts";
import { isExternalControlPlane } from "../../topology/queries.ts";
import type { ClusterPlan } from "../../topology/types.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { askIstiods } from "../cluster/istiod.ts";
import { curl, type ReadCluster } from "./mesh.ts";
import { placeOf, type PodObject, proxyOf, runs } from "./shapes.ts";

const clusterz = z.array(z.object({ id: z.string(), syncStatus: z.string() }));

/** What each istiod in a namespace says of the clusters that it reads, by its pod's name. */
export async function clustersReadIn(
  cluster: Cluster,
  namespace: string,
): Promise<Record<string, readonly ReadCluster[]>> {
  const answers = await askIstiods(cluster, "/debug/clusterz", { namespace });
  return Object.fromEntries([...answers].map(([pod, printed]) => [pod, clusterz.parse(JSON.parse(printed))]));
}

/** The root certificates that workloads of a cluster trust; undefined where istiod has not written them. */
export async function rootOf(cluster: Cluster, { istioNamespace }: ClusterPlan): Promise<string | undefined> {
  const metadata = { name: "istio-ca-root-cert", namespace: istioNamespace };
  const found = await cluster.read<{ data?: Record<string, string> }>({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
  });
  return found?.data?.["root-cert.pem"];
}

/** What istiods sign with: an external control plane stands beside the istiod of its own gateway. */
export async function intermediatesOf(cluster: Cluster, plan: ClusterPlan): Promise<string[]> {
  const namespaces = [plan.istioNamespace, ...(isExternalControlPlane(plan) ? [externalIstiodNamespace] : [])];
  const found = await Promise.all(namespaces.map((namespace) => intermediateIn(cluster, namespace)));
  return found.filter((each) => each !== undefined);
}

/** Of the Secret only the certificate is looked at. */
async function intermediateIn(cluster: Cluster, namespace: string): Promise<string | undefined> {
  const metadata = { name: "cacerts", namespace };
  const found = await cluster.read<{ data?: Record<string, string> }>({ apiVersion: "v1", kind: "Secret", metadata });
  const encoded = found?.data?.["ca-cert.pem"];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
}

/** A running pod with a proxy, a gateway's rather than another, since its own calls are nobody's to redirect. */
export async function proxied(cluster: Cluster): Promise<PodObject | undefined> {
  const pods = (await cluster.list<PodObject>("v1", "Pod")).filter(runs);
  const some = pods.filter((pod) => proxyOf(pod)?.image.includes("/proxyv2:"));
  const isGateway = ({ metadata, spec }: PodObject) =>
    metadata.namespace === istioSystem && spec.containers.length === 1 && proxyOf({ spec }) !== undefined;
  return some.find(isGateway) ?? some[0];
}

/**
 * Calls a URL from a pod's proxy container, which no proxy redirects because Istio leaves that user alone.
 * @returns what curl printed; undefined where the image has none
 */
export async function callFrom(cluster: Cluster, pod: PodObject, url: string): Promise<string | undefined> {
  const [namespace = "", name = ""] = placeOf(pod).split("/");
  try {
    return await cluster.exec({ namespace, pod: name, container: "istio-proxy" }, curl(url));
  } catch (error) {
    // curl fails where the answer is no HTTP, and has printed how far it came.
    const { message } = error as Error;
    if (message.includes("connected ")) return message;
    if (/executable file not found|no such file/i.test(message)) return undefined;
    throw error;
  }
}
