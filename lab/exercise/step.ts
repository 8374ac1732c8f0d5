/** What `start`, `solve` and `reset` do to clusters, as data: decided first, then done one after the other. */
import type { KubernetesObject } from "../../istio/object.ts";
import type { Json } from "../../topology/types.ts";
import type { Cluster, Reference } from "../cluster/cluster.ts";
import { workloadRestarted } from "../cluster/restarted.ts";
import { until, workloadRolledOut } from "../cluster/wait.ts";
import { type PodObject, runs } from "../status/shapes.ts";

export type Step =
  | {
      readonly do: "apply";
      readonly cluster: string;
      readonly object: KubernetesObject;
      /** A Deployment that is not to become ready, because that is what has to be found out. */
      readonly unready?: true;
    }
  | { readonly do: "merge"; readonly cluster: string; readonly reference: Reference; readonly change: object }
  | { readonly do: "remove"; readonly cluster: string; readonly reference: Reference }
  /** As `kubectl rollout restart`. */
  | { readonly do: "restart"; readonly cluster: string; readonly reference: Reference }
  /** A Secret under another name or in another namespace, without leaving the cluster's API server and this process. */
  | { readonly do: "copy"; readonly cluster: string; readonly from: Reference; readonly to: Reference }
  /** Runs a command in every running pod that has the labels. */
  | {
      readonly do: "exec";
      readonly cluster: string;
      readonly namespace: string;
      readonly labels: string;
      readonly container: string;
      readonly command: readonly string[];
    };

export const apply = (cluster: string, ...objects: readonly KubernetesObject[]): Step[] =>
  objects.map((object) => ({ do: "apply", cluster, object }));

export const remove = (cluster: string, ...references: readonly Reference[]): Step[] =>
  references.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
    do: "remove",
    cluster,
    reference: reference(apiVersion, kind, name, namespace),
  }));

export const restart = (cluster: string, namespace: string, ...names: readonly string[]): Step[] =>
  names.map((name) => ({ do: "restart", cluster, reference: reference("apps/v1", "Deployment", name, namespace) }));

/** Changes the labels of a namespace; null removes one. */
export const relabel = (cluster: string, namespace: string, labels: Readonly<Record<string, string | null>>): Step => ({
  do: "merge",
  cluster,
  reference: reference("v1", "Namespace", namespace),
  change: { metadata: { labels } },
});

export function reference(apiVersion: string, kind: string, name: string, namespace?: string): Reference {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

/** The label by which what an exercise has made is known. */
export const exerciseLabel = "istio-lab/exercise";

/** Seconds: a gateway drains for half a minute when it is made anew. */
const defaultPatience = 180;

interface Performing {
  readonly exercise: string;
  readonly clusterOf: (name: string) => Cluster;
  readonly signal: AbortSignal;
  /** Seconds that pods have to become ready. Default: 180. */
  readonly patience?: number;
}

/**
 * Does the steps in their order, and then waits until what was deployed runs.
 * @throws Error at the first that is refused; the rest is not done
 */
export async function perform(steps: readonly Step[], of: Performing): Promise<void> {
  for (const step of steps) {
    of.signal.throwIfAborted();
    await performOne(step, of);
  }
  for (const step of steps)
    if (step.do === "apply" && step.object.kind === "Deployment" && step.unready !== true) {
      of.signal.throwIfAborted();
      await workloadRolledOut(of.clusterOf(step.cluster), step.object, of.patience ?? defaultPatience);
    }
}

async function performOne(step: Step, { exercise, clusterOf, patience = defaultPatience }: Performing): Promise<void> {
  const cluster = clusterOf(step.cluster);
  switch (step.do) {
    case "apply":
      return cluster.apply(labelled(step.object, exercise));
    case "merge":
      return cluster.merge(step.reference, step.change);
    case "remove":
      return cluster.remove(step.reference);
    case "restart":
      return workloadRestarted(cluster, step.reference, patience);
    case "copy": {
      const found = await cluster.read<{ readonly type?: string; readonly data?: Json }>(step.from);
      if (found === undefined) throw new Error(missing(step.from, cluster));
      // Without the label: what is put back was not made by an exercise.
      return cluster.apply({ ...step.to, type: found.type ?? "Opaque", data: found.data ?? {} });
    }
    case "exec":
      return execEverywhere(step, cluster);
  }
}

async function execEverywhere(step: Step & { readonly do: "exec" }, cluster: Cluster): Promise<void> {
  const { namespace, labels, container, command } = step;
  const pods = (await cluster.list<PodObject>("v1", "Pod", { namespace, labels })).filter(runs);
  for (const { metadata } of pods) await cluster.exec({ namespace, pod: metadata.name, container }, command);
}

const missing = ({ kind, metadata }: Reference, { name }: Cluster): string =>
  `There is no ${kind} ${metadata.namespace ?? ""}/${metadata.name} in ${name}.`;

function labelled(object: KubernetesObject, exercise: string): KubernetesObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [exerciseLabel]: exercise } } };
}

/** Removes namespaces, and resolves when nothing of them is left. */
export async function removeNamespaces(
  cluster: Cluster,
  names: readonly string[],
  { signal, patience = defaultPatience }: Pick<Performing, "signal" | "patience">,
): Promise<void> {
  const references = names.map((name) => reference("v1", "Namespace", name));
  for (const each of references) await cluster.remove(each);
  for (const each of references)
    await until(
      `${each.metadata.name} is gone from ${cluster.name}`,
      patience,
      async () => (await cluster.read(each)) === undefined || "it is still there",
      { signal },
    );
}
