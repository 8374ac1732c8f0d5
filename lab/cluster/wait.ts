/** Waiting for the lab to become what it is to be. */
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../plan/usage-error.ts";
import type { Cluster, Reference } from "./cluster.ts";

export interface Waiting {
  /** Aborted, the waiting ends with its reason, also where it is so meanwhile. */
  readonly signal?: AbortSignal;
  /** Seconds between two looks. Default: 0.2. */
  readonly every?: number;
}

/**
 * Looks again and again until it is so. What `look` throws is told as what it saw.
 * @throws UsageError that says what was waited for and what was seen last
 */
export async function until(
  what: string,
  seconds: number,
  look: () => Promise<string | true>,
  { signal, every = 0.2 }: Waiting = {},
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look().catch((error: unknown) => (error as Error).message);
    signal?.throwIfAborted();
    if (seen === true) return;
    if (performance.now() > end) throw new UsageError(`Waited ${seconds} s until ${what}. Seen last: ${seen}`);
    await sleep(every * 1000);
  }
}

/** As much of a workload as says how far it has rolled out. */
export interface RolloutState {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas?: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    /** Of a DaemonSet, in place of those above. */
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

/** Until each replica of a Deployment is of its newest template and ready, and no other is left. */
export const rolledOut = (cluster: Cluster, namespace: string, name: string, seconds = 120): Promise<void> =>
  workloadRolledOut(cluster, { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace } }, seconds);

/** As `rolledOut`, of a Deployment, StatefulSet or DaemonSet. */
export async function workloadRolledOut(cluster: Cluster, reference: Reference, seconds = 120): Promise<void> {
  await until(`${reference.metadata.name} of ${cluster.name} is rolled out`, seconds, async () => {
    const found = await cluster.read<RolloutState>(reference);
    return found === undefined ? `there is no such ${reference.kind}` : rollout(reference.kind, found);
  });
}

/** True when it is done, else how far it has come. */
export function rollout(kind: string, { metadata, spec, status }: RolloutState): string | true {
  if ((status.observedGeneration ?? 0) < metadata.generation) return "its controller has not looked yet";
  const daemons = kind === "DaemonSet";
  const wanted = (daemons ? status.desiredNumberScheduled : spec.replicas) ?? 1;
  const replicas = (daemons ? status.currentNumberScheduled : status.replicas) ?? 0;
  const updated = (daemons ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const ready = (daemons ? status.numberReady : status.readyReplicas) ?? 0;
  if ([replicas, updated, ready].every((count) => count === wanted)) return true;
  return `of ${wanted} replicas there are ${replicas}, up to date ${updated}, ready ${ready}`;
}
