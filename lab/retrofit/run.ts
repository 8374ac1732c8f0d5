/** Brings a namespace of one cluster into the mesh, out of it, or to newer proxies. */
import { securityApi, type KubernetesObject } from "../../istio/object.ts";
import type { MeshPlan } from "../../topology/types.ts";
import type { Cluster, Reference } from "../cluster/cluster.ts";
import { workloadRestarted } from "../cluster/restarted.ts";
import { until } from "../cluster/wait.ts";
import { UsageError } from "../plan/usage-error.ts";
import { type NamedStack, stackOptions } from "../stack/typed.ts";
import { lives, placeOf, type PodObject } from "../status/shapes.ts";
import {
  asBefore,
  followed,
  isExempt,
  joining,
  leaving,
  pending,
  type Restarts,
  restartsFor,
  type Wanted,
  workloadsOf,
} from "./decide.ts";
import {
  type NamespaceObject,
  type ServiceObject,
  type Workload,
  workloadKinds,
  type WorkloadObject,
} from "./shapes.ts";

export type Way = "in" | "out" | "restart";

export interface Retrofit {
  readonly namespace: string;
  readonly way: Way;
  readonly cluster: Cluster;
  /** From which Istio's objects are read: that of its primary, for a remote. */
  readonly config: Cluster;
  readonly mesh: MeshPlan;
  /** Versions by revision. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Aborted, what was done is undone. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** How a command that is to be typed finds the lab. */
  readonly named: NamedStack;
  /** Seconds that each workload has for its new pods. */
  readonly patience?: number;
}

/** Why Istio is not asked to refuse what comes without mutual TLS while half of the pods cannot speak it. */
const bridgeName = "istio-lab-retrofit";

/**
 * One cluster after the other.
 * @throws UsageError as `retrofit` does; what was done in the clusters before stays, and how to undo it is said
 */
export async function retrofitAll(clusters: readonly Retrofit[]): Promise<void> {
  const done: Retrofit[] = [];
  for (const of of clusters) {
    try {
      of.signal.throwIfAborted();
      await retrofit(of);
    } catch (error) {
      if (done.length === 0) throw error;
      throw new UsageError(`${(error as Error).message}\n${staying(done)}`, { cause: error });
    }
    done.push(of);
  }
}

function staying(done: readonly Retrofit[]): string {
  const [was, stays] = done.length === 1 ? ["was", "stays"] : ["were", "stay"];
  const state = `${done.map(({ cluster }) => cluster.name).join(", ")} ${was} changed before and ${stays} so`;
  // Newer proxies are nothing to undo.
  if (done[0]?.way === "restart") return `${state}.`;
  return `${state}; to undo it: ${done.map(undoing).join(" && ")}`;
}

/** The command that undoes a retrofit. */
const undoing = ({ namespace, cluster, way, named }: Retrofit): string =>
  `npm run lab -- retrofit ${namespace} --cluster ${cluster.name}${way === "in" ? " --undo" : ""}${stackOptions(named)}`;

/**
 * Resolves when every pod is as wanted.
 * @throws UsageError where the namespace is not there, where a pod cannot be made anew, or where it was ended; then the
 * labels are what they were, and what had been restarted was restarted once more
 */
export async function retrofit(of: Retrofit): Promise<void> {
  const { namespace, cluster, way } = of;
  const found = await cluster.read<NamespaceObject>(namespaceReference(namespace));
  if (found === undefined) throw new UsageError(`The cluster ${cluster.name} has no namespace ${namespace}.`);
  const wanted = wantedOf(of, found);
  const before = await restarts(of, wanted);
  if (before.stuck.length > 0)
    throw new UsageError(
      `Of ${before.stuck.join(", ")} in ${cluster.name} no workload makes new pods. Delete them or make them part of a ` +
        "Deployment first; nothing was changed.",
    );
  const done: Done = { found, restarted: [], bridged: false };
  try {
    if (way !== "restart") {
      done.bridged = await bridge(of);
      await relabel(of);
    }
    await restartAll(of, before.workloads, done.restarted);
    await proven(of, wanted);
    if (done.bridged) await unbridge(of);
    of.signal.throwIfAborted();
  } catch (error) {
    if (way === "restart") throw stopped(of, error, wholeness(of, error, done.restarted));
    of.say(`${cluster.name}: undoes what was done`);
    throw stopped(of, error, await undone(of, done));
  }
}

/** What there is to undo. */
interface Done {
  readonly found: NamespaceObject;
  readonly restarted: Workload[];
  bridged: boolean;
}

function wantedOf({ way, revisions, mesh }: Retrofit, found: NamespaceObject): Wanted {
  const follows = followed(found, mesh);
  if (way === "restart") return { proxy: "fresh", revisions, ...(follows === undefined ? {} : { follows }) };
  if (mesh.dataPlane === "ambient") return { redirected: way === "in" };
  return { proxy: way === "in" ? "present" : "absent" };
}

const label = ({ way, mesh }: Retrofit) => (way === "out" ? leaving() : joining(mesh));

const namespaceReference = (name: string): Reference => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

async function restarts({ cluster, namespace }: Retrofit, wanted: Wanted): Promise<Restarts> {
  if ("redirected" in wanted) return { workloads: [], stuck: [] };
  const kinds = workloadKinds.map(async (kind) =>
    (await cluster.list<WorkloadObject>("apps/v1", kind, { namespace })).map((each) => ({ ...each, kind })),
  );
  const [workloads, services, pods] = await Promise.all([
    Promise.all(kinds),
    cluster.list<ServiceObject>("v1", "Service", { namespace }),
    cluster.list<PodObject>("v1", "Pod", { namespace }),
  ]);
  return restartsFor(workloadsOf(workloads.flat(), services), pods, wanted);
}

async function relabel(of: Retrofit): Promise<void> {
  const { cluster, namespace, say } = of;
  await cluster.merge(namespaceReference(namespace), { metadata: { labels: label(of) } });
  const set = Object.entries(label(of)).flatMap(([key, value]) => (value === null ? [] : `${key}=${value}`));
  say(
    `${cluster.name}: ${namespace} ${set.length === 0 ? "has no label of Istio's any more" : `is labelled ${set.join(", ")}`}`,
  );
}

async function restartAll(of: Retrofit, workloads: readonly Workload[], restarted: Workload[]): Promise<void> {
  for (const workload of workloads) {
    of.signal.throwIfAborted();
    restarted.push(workload);
    await restart(of, workload);
  }
  of.signal.throwIfAborted();
}

async function restart({ cluster, say, patience = 180 }: Retrofit, { reference }: Workload): Promise<void> {
  await workloadRestarted(cluster, reference, patience);
  say(`${cluster.name}: ${reference.kind} ${reference.metadata.name} has new pods`);
}

/** What was there before goes a little after what is new is ready. */
async function proven({ cluster, namespace, say, signal, patience = 180 }: Retrofit, wanted: Wanted): Promise<void> {
  let pods: PodObject[] = [];
  const look = async () => {
    pods = await cluster.list<PodObject>("v1", "Pod", { namespace });
    const left = pending(pods, wanted);
    return left.length === 0 || `${left.map(placeOf).join(", ")} are not`;
  };
  await until(`every pod of ${namespace} in ${cluster.name} is as wanted`, patience, look, { signal });
  // What has ended or goes was not looked at, and so is not counted.
  const living = pods.filter(lives);
  const exempt = living.filter(isExempt).map(({ metadata }) => metadata.name);
  const without = exempt.length === 0 ? "" : `; left alone, as they ask: ${exempt.join(", ")}`;
  const count = living.length - exempt.length;
  say(`${cluster.name}: all ${count} pods of ${namespace} ${stateOf(wanted)}${without}`);
}

function stateOf(wanted: Wanted): string {
  if ("redirected" in wanted) return wanted.redirected ? "send through ztunnel" : "send past ztunnel";
  return { present: "have a proxy", absent: "have no proxy", fresh: "have no stale proxy" }[wanted.proxy];
}

/**
 * Lets pods without a proxy call those with one until all have changed, where the mesh is STRICT. A policy of the
 * namespace's own is left to its owner.
 */
async function bridge({ config, namespace, mesh, say }: Retrofit): Promise<boolean> {
  // ztunnel takes a pod's traffic at once, so in ambient mode nothing is half done for long.
  if (mesh.mtls !== "STRICT" || mesh.dataPlane === "ambient") return false;
  if ((await config.read(namespaceReference(namespace))) === undefined) {
    say(`${config.name}: has no namespace ${namespace}, so calls without mutual TLS may be refused on the way`);
    return false;
  }
  const policies = await config.list<{ spec?: { selector?: unknown } }>(securityApi, "PeerAuthentication", {
    namespace,
  });
  if (policies.some(({ metadata, spec }) => metadata.name !== bridgeName && spec?.selector === undefined)) return false;
  await config.apply(permissive(namespace));
  return true;
}

const permissive = (namespace: string): KubernetesObject => ({
  apiVersion: securityApi,
  kind: "PeerAuthentication",
  metadata: { name: bridgeName, namespace },
  spec: { mtls: { mode: "PERMISSIVE" } },
});

const unbridge = ({ config, namespace }: Retrofit): Promise<void> =>
  config.remove({ apiVersion: securityApi, kind: "PeerAuthentication", metadata: { name: bridgeName, namespace } });

/** The labels first, so that what is restarted becomes what it was. */
async function undo(of: Retrofit, { found, restarted, bridged }: Done): Promise<void> {
  // It may be gone already.
  if (bridged) await of.config.apply(permissive(of.namespace));
  await of.cluster.merge(namespaceReference(of.namespace), { metadata: { labels: asBefore(found) } });
  for (const workload of restarted.toReversed()) await restart(of, workload);
  await unbridge(of);
}

/** In which state the namespace is left. */
async function undone(of: Retrofit, done: Done): Promise<string> {
  try {
    await undo(of, done);
    return "What was done is undone.";
  } catch (error) {
    const why = `Undoing it failed as well (${(error as Error).message.replace(/\.$/, "")}).`;
    const open = `The PeerAuthentication ${bridgeName} of ${of.namespace} in ${of.config.name} still lets calls without mutual TLS in.`;
    return `${why}${done.bridged ? ` ${open}` : ""} When that is mended, run: ${undoing(of)}`;
  }
}

/** In which state a restart leaves the workloads: one goes after the other, so that only the last may be half done. */
function wholeness({ cluster, namespace, signal }: Retrofit, error: unknown, restarted: readonly Workload[]): string {
  const last = restarted.at(-1)?.reference;
  if (last === undefined) return "No workload was restarted.";
  if (error === signal.reason) return "Each workload that was restarted is whole.";
  const object = `${last.kind.toLowerCase()}/${last.metadata.name}`;
  const status = `kubectl --context ${cluster.name} -n ${namespace} rollout status ${object}`;
  return `Each workload that was restarted before the last is whole; of the last, this says more: ${status}`;
}

function stopped({ namespace, cluster, signal }: Retrofit, error: unknown, state: string): Error {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const why = error === signal.reason ? "it was interrupted" : message.replace(/\.$/, "");
  return new UsageError(`The retrofit of ${namespace} in ${cluster.name} was ended: ${why}. ${state}`, {
    cause: error,
  });
}
