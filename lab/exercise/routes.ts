/** Routes that several exercises have in common. */
import type { KubernetesObject } from "../../istio/object.ts";
import { serviceHost } from "../../topology/names.ts";
import type { ClusterPlan } from "../../topology/types.ts";
import { type PodObject, runs } from "../status/shapes.ts";
import { destinationRule, specsIn, virtualService } from "./ground.ts";
import type { Eye } from "./observe/eye.ts";

/** The subsets of helloworld, by version. */
export const versionSubsets = ["v1", "v2"].map((version) => ({ name: version, labels: { version } }));

/** All requests to helloworld go to v2. */
export function toSecond(namespace: string): KubernetesObject[] {
  const host = serviceHost("helloworld", namespace);
  return [
    destinationRule(namespace, "helloworld", { host, subsets: versionSubsets }),
    virtualService(namespace, "helloworld", {
      hosts: [host],
      http: [{ route: [{ destination: { host, subset: "v2" } }] }],
    }),
  ];
}

/** A path that an application does not have is answered as another that it has; the rest stays as it is. */
export function rewritten(
  namespace: string,
  { host, port }: { readonly host: string; readonly port: number },
  from: string,
  to: string,
): KubernetesObject {
  const route = [{ destination: { host, port: { number: port } } }];
  return virtualService(namespace, "rewritten", {
    hosts: [host],
    http: [{ match: [{ uri: { exact: from } }], rewrite: { uri: to }, route }, { route }],
  });
}

/** Whether the rules or routes of a namespace send requests to one version, whatever becomes of it. */
export async function splitsByVersion(eye: Eye, cluster: ClusterPlan, namespace: string): Promise<boolean> {
  const rules = await specsIn(eye, cluster, "DestinationRule", namespace);
  const routes = await specsIn(eye, cluster, "VirtualService", namespace);
  return (
    rules.some(({ subsets = [] }) => subsets.length > 0) ||
    routes
      .flatMap(({ http = [] }) => http.flatMap(({ route = [] }) => route))
      .some(({ destination }) => destination.subset !== undefined)
  );
}

/** Whether a pod of helloworld's first version runs, which a route to the second leads past. */
export async function firstRuns(eye: Eye, { name }: ClusterPlan, namespace: string): Promise<boolean> {
  const pods = await eye.list<PodObject>(name, "v1", "Pod", { namespace, labels: "app=helloworld,version=v1" });
  return pods.some(runs);
}
