/** Asks a lab that stands. Changes nothing. */
import type { Cluster } from "../../cluster/cluster.ts";
import { connectedTo } from "../../cluster/istiod.ts";
import { type PodObject, proxyOf, runs } from "../../status/shapes.ts";
import { answersIn, callCommand } from "./calls.ts";
import { type Eye, NothingToAsk, type Place } from "./eye.ts";
import { madeAt } from "./made.ts";
import { certificateIn, certificatePath, upstreamsIn, upstreamsPath } from "./proxy.ts";

export function clusterEye(clusters: ReadonlyMap<string, Cluster>): Eye {
  const clusterOf = (name: string): Cluster => {
    const found = clusters.get(name);
    if (found === undefined) throw new Error(`The plan has no cluster "${name}".`);
    return found;
  };
  const askProxy = async (of: Place, path: string): Promise<string> => {
    const cluster = clusterOf(of.cluster);
    const pod = await podOf(cluster, of);
    if (proxyOf(pod) === undefined)
      throw new NothingToAsk(`The pod ${pod.metadata.name} of ${of.app} in ${of.namespace} has no proxy.`);
    const at = { namespace: of.namespace, pod: pod.metadata.name, container: "istio-proxy" };
    return cluster.exec(at, ["pilot-agent", "request", "GET", path]);
  };
  return {
    list: (cluster, apiVersion, kind, selection) => clusterOf(cluster).list(apiVersion, kind, selection),
    read: (cluster, reference) => clusterOf(cluster).read(reference),
    async call({ from, ...call }) {
      const cluster = clusterOf(from.cluster);
      const { metadata, spec } = await podOf(cluster, from);
      const container = spec.containers.find(({ name }) => name !== "istio-proxy")?.name ?? "";
      const at = { namespace: from.namespace, pod: metadata.name, container };
      return answersIn(await cluster.exec(at, callCommand(call)));
    },
    upstreams: async (of) => upstreamsIn(await askProxy(of, upstreamsPath)),
    certificate: async (of) => certificateIn(await askProxy(of, certificatePath)),
    connected: async () => (await Promise.all([...clusters.values()].map(connectedTo))).flat(),
    async issue(cluster, host) {
      const { issue } = await import("./issue.ts");
      return issue(clusterOf(cluster), host);
    },
  };
}

/** The youngest that runs: an older one may be about to go. */
async function podOf(cluster: Cluster, { namespace, app }: Place): Promise<PodObject> {
  const found = await cluster.list<PodObject>("v1", "Pod", { namespace, labels: `app=${app}` });
  const [pod] = found.filter(runs).sort((a, b) => (madeAt(a) < madeAt(b) ? 1 : -1));
  if (pod !== undefined) return pod;
  throw new NothingToAsk(`No pod with the label app=${app} runs in ${namespace} of ${cluster.name}.`);
}
