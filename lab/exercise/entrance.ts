/** The lab's ingress gateway, and somebody outside of the mesh who calls it. */
import type { KubernetesObject } from "../../istio/object.ts";
import { gatewayOf } from "../../istio/plan-queries.ts";
import { serviceHost } from "../../topology/names.ts";
import type { ClusterPlan } from "../../topology/types.ts";
import type { Reference } from "../cluster/cluster.ts";
import type { Stage } from "./exercise.ts";
import { gateway, outside, sample, withEachContainer } from "./ground.ts";
import type { Answer, Call } from "./observe/eye.ts";

/** The name of its Service, which stands for the load balancer: a pod may call it from wherever it is. */
export function entrance(cluster: ClusterPlan): string {
  const { release, namespace } = gatewayOf(cluster, "ingress");
  return serviceHost(release, namespace);
}

/** Where the mesh's root certificate is in the pod of who calls from outside. */
const rootFile = "/etc/mesh-root/root-cert.pem";

/** Somebody outside of the mesh, who knows its root certificate, since istiod writes it into every namespace. */
export function caller(stage: Stage, namespace: string): KubernetesObject[] {
  const volumes = [{ name: "mesh-root", configMap: { name: "istio-ca-root-cert" } }];
  const client = sample(stage, stage.near, "curl", namespace, { pod: { spec: { volumes } } });
  const mounts = { volumeMounts: [{ name: "mesh-root", mountPath: "/etc/mesh-root" }] };
  return [outside(namespace), ...withEachContainer(mounts, client)];
}

const encoded = (text: string): string => Buffer.from(text).toString("base64");

/** A certificate as a gateway takes it. */
export const tlsSecret = (at: Reference, { chain, key }: { chain: string; key: string }): KubernetesObject => ({
  ...at,
  type: "kubernetes.io/tls",
  data: { "tls.crt": encoded(chain), "tls.key": encoded(key) },
});

/** A request of that caller to a host, which an entrance answers, and whose certificate it checks. */
export const overTls = (host: string, path: string, at: string): Pick<Call, "url" | "options"> => ({
  url: `https://${host}${path}`,
  options: ["--connect-to", `${host}:443:${at}:443`, "--cacert", rootFile],
});

/** What came of it, for a sentence: a refused certificate has no status. */
export const outcome = (answer: Answer | undefined): string =>
  answer?.status ? `status ${String(answer.status)}` : `no answer (curl's exit code ${String(answer?.failure ?? 0)})`;

type Server = NonNullable<NonNullable<Parameters<typeof gateway>[2]>["servers"]>[number];

/** What the pods of the ingress gateway let in, in a namespace that need not be theirs. */
export const letsIn = (cluster: ClusterPlan, namespace: string, name: string, ...servers: Server[]): KubernetesObject =>
  gateway(namespace, name, { selector: { istio: gatewayOf(cluster, "ingress").selector }, servers });
