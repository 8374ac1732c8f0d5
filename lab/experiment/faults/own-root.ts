/** A cluster that nobody gave an intermediate of the common root: its istiod signs with a root of its own. */
import { istioNamespace } from "../../../topology/names.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { replaced } from "../../cluster/restarted.ts";
import { until } from "../../cluster/wait.ts";
import { clusterOf } from "../run/running-lab.ts";
import { namespace, server } from "../workload/names.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { everyProxyServed } from "./served.ts";

export interface OwnRootFault extends Fault {
  readonly kind: "own-root";
  readonly cluster: string;
}

export const ownRoot = (cluster: string): OwnRootFault => ({
  kind: "own-root",
  says: `${cluster} signs with a root of its own`,
  cluster,
});

const secret = (name: string) => ({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: istioNamespace } });
const given = secret("cacerts");
/** Where it is kept meanwhile: in the cluster, because a key must not come into a file. */
const kept = secret("cacerts-before-experiment");
/** https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/: what istiod makes without `cacerts` */
const selfSigned = secret("istio-ca-secret");

export const ownRootKind: FaultKind<OwnRootFault, Owner> = {
  async prepare(lab, fault) {
    const { metadata } = await held(clusterOf(lab, fault.cluster), given);
    const { manager } = metadata.managedFields?.find(({ operation }) => operation === "Apply") ?? {};
    return manager === undefined ? {} : { manager };
  },
  async inject(lab, fault) {
    const cluster = clusterOf(lab, fault.cluster);
    await move(cluster, given, kept);
    await replaceAll(cluster);
  },
  async remove(lab, fault, { manager }) {
    const cluster = clusterOf(lab, fault.cluster);
    if ((await cluster.read(kept)) === undefined) return;
    await move(cluster, kept, given, manager);
    await cluster.remove(selfSigned);
    await replaceAll(cluster);
    // The clients' were strangers to the istiod before.
    await everyProxyServed(cluster);
  },
};

/** Who applied the Secret, and must be able to change it again: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
interface Owner {
  readonly [manager: string]: string;
}

interface Held {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata: { readonly managedFields?: readonly { readonly manager: string; readonly operation: string }[] };
}

async function held(cluster: Cluster, secretOf: typeof given) {
  const found = await cluster.read<Held>(secretOf);
  if (found === undefined) throw new Error(`There is no Secret ${secretOf.metadata.name} in ${cluster.name}.`);
  return found;
}

async function move(cluster: Cluster, from: typeof given, to: typeof given, owner?: string): Promise<void> {
  const { type = "Opaque", data = {} } = await held(cluster, from);
  await cluster.apply({ ...to, type, data }, owner);
  await cluster.remove(from);
}

/**
 * istiod first, politely, so that the next one leads at once and tells the namespaces of the root. Gateways and
 * workloads ask it for new certificates as they start, and one that starts with the old root does not get any.
 */
async function replaceAll(cluster: Cluster): Promise<void> {
  const deployments = await cluster.list("apps/v1", "Deployment", { namespace: istioNamespace });
  const names = deployments.map(({ metadata }) => metadata.name);
  const istiods = names.filter((name) => name.startsWith("istiod"));
  const others = names.filter((name) => !istiods.includes(name)).map((name) => [istioNamespace, name] as const);
  await Promise.all(istiods.map((name) => replaced(cluster, istioNamespace, name)));
  await Promise.all([istioNamespace, namespace].map((at) => rootTold(cluster, at)));
  await Promise.all(
    [...others, [namespace, server] as const].map(([at, name]) => replaced(cluster, at, name, { grace: 0 })),
  );
}

/** Until a namespace's proxies get the root of whatever istiod signs with. */
async function rootTold(cluster: Cluster, at: string): Promise<void> {
  const told = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "istio-ca-root-cert", namespace: at } };
  await until(`${at} of ${cluster.name} is told of the root that istiod has now`, 120, async () => {
    const root = await rootOf(cluster);
    const found = await cluster.read<Held>(told);
    return (root !== undefined && found?.data?.["root-cert.pem"]?.includes(root)) || "it has another still";
  });
}

async function rootOf(cluster: Cluster): Promise<string | undefined> {
  const [intermediate, own] = await Promise.all([given, selfSigned].map((each) => cluster.read<Held>(each)));
  const encoded = intermediate?.data?.["root-cert.pem"] ?? own?.data?.["ca-cert.pem"];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString().trim();
}
