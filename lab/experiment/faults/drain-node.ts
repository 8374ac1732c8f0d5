/** A node that is emptied, as an upgrade of its group does: cordoned, then each pod evicted as its budget allows. */
import type { KubernetesObject } from "../../../istio/object.ts";
import type { Json } from "../platforms/platform.ts";
import { restarted } from "../../cluster/restarted.ts";
import { clusterOf } from "../run/running-lab.ts";
import { until } from "../../cluster/wait.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Fault, FaultKind } from "./fault.ts";

export interface DrainNodeFault extends Fault {
  readonly kind: "drain-node";
  readonly cluster: string;
  /** The node of this zone that runs such pods. */
  readonly zone: string;
  readonly namespace: string;
  readonly labels: string;
  /** Of these pods, which are evicted one after the other. The service has it only meanwhile: no other fault evicts. */
  readonly budget: KubernetesObject;
}

export interface DrainedNode {
  readonly node: string;
  /** Which have pods on it. */
  readonly deployments: readonly { readonly namespace: string; readonly name: string }[];
  readonly [key: string]: Json;
}

/** @param app the value of the label `app` that the pods have */
export function drainNode(cluster: string, namespace: string, app: string, zone: string): DrainNodeFault {
  const says = `a node of ${zone} in ${cluster} drained`;
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: app, namespace },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
  };
  return { kind: "drain-node", says, cluster, zone, namespace, labels: `app=${app}`, budget };
}

interface Placed {
  readonly metadata: {
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string };
}

const node = (name: string) => ({ apiVersion: "v1", kind: "Node", metadata: { name } });

export const drainNodeKind: FaultKind<DrainNodeFault, DrainedNode> = {
  async prepare(lab, { cluster: name, zone, namespace, labels }) {
    const cluster = clusterOf(lab, name);
    const nodes = await cluster.list("v1", "Node", { labels: `topology.kubernetes.io/zone=${zone}` });
    const pods = await cluster.list<Placed>("v1", "Pod", { namespace, labels });
    const used = new Set(pods.map(({ spec }) => spec.nodeName));
    const [first] = nodes
      .map(({ metadata }) => metadata.name)
      .filter((each) => used.has(each))
      .sort();
    if (first === undefined) throw new Error(`No pod of ${labels} in ${namespace} of ${name} runs in ${zone}.`);
    return { node: first, deployments: await deploymentsOn(cluster, first) };
  },

  async inject(lab, fault, found) {
    const cluster = clusterOf(lab, fault.cluster);
    await cluster.apply(fault.budget);
    await cluster.merge(node(found.node), { spec: { unschedulable: true } });
    await until(`${found.node} is empty`, 300, () => evictAll(cluster, found.node));
  },

  /** Nothing comes back to a node by itself, so what was on it is started anew, and spread as it was. */
  async remove(lab, fault, found) {
    const cluster = clusterOf(lab, fault.cluster);
    await cluster.remove(fault.budget);
    const state = await cluster.read<{ spec: { unschedulable?: boolean } }>(node(found.node));
    if (state?.spec.unschedulable !== true) return;
    await cluster.merge(node(found.node), { spec: { unschedulable: null } });
    const again = (deployments: DrainedNode["deployments"]) =>
      Promise.all(deployments.map(({ namespace, name }) => restarted(cluster, namespace, name)));
    // The service before what may be its callers' istiod, without which they would not hear of its new pods.
    await again(found.deployments.filter(({ namespace }) => namespace === fault.namespace));
    await again(found.deployments.filter(({ namespace }) => namespace !== fault.namespace));
  },
};

/** A ReplicaSet is named after its Deployment and its template's hash. */
async function deploymentsOn(cluster: Cluster, nodeName: string): Promise<DrainedNode["deployments"]> {
  const pods = await cluster.list<Placed>("v1", "Pod");
  const names = pods.flatMap(({ metadata: { ownerReferences = [], labels = {}, namespace = "" }, spec }) =>
    ownerReferences
      .filter(({ kind }) => kind === "ReplicaSet" && spec.nodeName === nodeName)
      .map(({ name }) => `${namespace}/${name.replace(`-${labels["pod-template-hash"] ?? ""}`, "")}`),
  );
  return [...new Set(names)].sort().map((each) => {
    const [namespace = "", name = ""] = each.split("/");
    return { namespace, name };
  });
}

/** Pods that nobody would start again stay, and so does what runs on every node: as `kubectl drain` has it. */
async function evictAll(cluster: Cluster, name: string): Promise<string | true> {
  const pods = await cluster.list<Placed>("v1", "Pod");
  const movable = pods.filter(({ spec, status, metadata }) => {
    const owners = metadata.ownerReferences ?? [];
    const kept = owners.length === 0 || owners.some(({ kind }) => kind === "DaemonSet");
    return spec.nodeName === name && status.phase === "Running" && !kept;
  });
  if (movable.length === 0) return true;
  const refusals = await Promise.all(
    movable.map(({ metadata }) => {
      const { name: pod, namespace = "" } = metadata;
      // https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/: 429 while a budget forbids it
      return cluster.evict(namespace, pod).then(
        () => [],
        (error: unknown) => [(error as Error).message],
      );
    }),
  );
  return refusals.flat()[0] ?? `${movable.length} pods are going`;
}
