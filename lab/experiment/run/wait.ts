/** Waiting for the lab to become what it is to be. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "./cluster.ts";

/**
 * Looks again and again until it is so.
 * @throws Error that says what was waited for and what was seen last
 */
export async function until(what: string, seconds: number, look: () => Promise<string | true>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look().catch((error: unknown) => (error as Error).message);
    if (seen === true) return;
    if (performance.now() > end) throw new Error(`Waited ${seconds} s until ${what}, but ${seen}.`);
    await sleep(200);
  }
}

interface DeploymentState {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
  };
}

/** Until each replica of a Deployment is of its newest template and ready, and no other is left. */
export async function rolledOut(cluster: Cluster, namespace: string, name: string, seconds = 120): Promise<void> {
  const reference = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace } };
  await until(`${name} of ${cluster.name} is rolled out`, seconds, async () => {
    const found = await cluster.read<DeploymentState>(reference);
    if (found === undefined) return "there is no such Deployment";
    const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, observedGeneration = 0 } = found.status;
    if (observedGeneration < found.metadata.generation) return "its controller has not looked yet";
    const counts = [replicas, updatedReplicas, readyReplicas];
    if (counts.every((count) => count === found.spec.replicas)) return true;
    return `of ${found.spec.replicas} replicas there are ${replicas}, up to date ${updatedReplicas}, ready ${readyReplicas}`;
  });
}
