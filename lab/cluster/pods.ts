/** Which pods a fault is about. */
import type { Cluster, Found, Selection } from "./cluster.ts";

interface ContainerStatus {
  readonly restartCount: number;
}

interface PodState {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly [key: string]: string;
}

/** Those that are not on their way out, whether they run or not. */
async function podsOf(cluster: Cluster, selection: Selection): Promise<Found<PodState>[]> {
  const pods = await cluster.list<PodState>("v1", "Pod", selection);
  return pods.filter(({ metadata }) => !("deletionTimestamp" in metadata));
}

/** Those that run, and are not on their way out. */
export async function podsThatRun(cluster: Cluster, selection: Selection): Promise<Found<PodState>[]> {
  return (await podsOf(cluster, selection)).filter(({ status }) => status.phase === "Running");
}

/**
 * Pods that run, by name.
 * @throws Error where fewer run than `atLeast`
 */
export async function runningPods(cluster: Cluster, namespace: string, labels: string, atLeast = 1): Promise<Pod[]> {
  const running = await podsThatRun(cluster, { namespace, labels });
  if (running.length < atLeast)
    throw new Error(`Of ${labels} in ${namespace} of ${cluster.name} ${running.length} pods run, and ${atLeast} must.`);
  return running
    .map(({ metadata: { name, uid }, spec: { nodeName = "" } }) => ({ name, uid, node: nodeName }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

const nameOf = ({ metadata: { name } }: { readonly metadata: { readonly name: string } }): string => name;

/** The names of pods, and of them of those that are ready. */
export async function readiness(
  cluster: Cluster,
  namespace: string,
  labels: string,
): Promise<{ all: string[]; ready: string[] }> {
  const pods = await podsOf(cluster, { namespace, labels });
  const ready = pods.filter(({ status: { conditions = [] } }) =>
    conditions.some(({ type, status }) => type === "Ready" && status === "True"),
  );
  return { all: pods.map(nameOf), ready: ready.map(nameOf) };
}

/** The names of pods of which a container, or a sidecar among the init containers, was started again. */
export async function restartedPods(cluster: Cluster, namespace: string, labels: string): Promise<string[]> {
  const pods = await podsOf(cluster, { namespace, labels });
  return pods
    .filter(({ status: { initContainerStatuses = [], containerStatuses = [] } }) =>
      [...initContainerStatuses, ...containerStatuses].some(({ restartCount }) => restartCount > 0),
    )
    .map(nameOf);
}

/** @param grace seconds that each gets to end by itself; absent for what it asks for itself */
export async function removePods(
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
  grace?: number,
): Promise<void> {
  const references = names.map((name) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } }));
  await Promise.all(references.map((reference) => cluster.remove(reference, grace)));
}

type Labels = Readonly<Record<string, string>>;

/** Whether a selector chooses what has these labels; an empty one chooses nothing. */
export const selects = (selector: Labels | undefined, labels: Labels | undefined): boolean =>
  selector !== undefined &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([key, value]) => labels?.[key] === value);
