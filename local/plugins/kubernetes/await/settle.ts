import { isNotFound } from "../api/errors.ts";
import { annotation, qualifiedName } from "../object/object.ts";
import { awaitSpec } from "./judges.ts";
import { ready } from "./readiness.ts";
import { waitUntil, WaitError } from "./wait.ts";
import type { Mapping } from "../api/discovery.ts";
import type { Cluster } from "../cluster.ts";
import type { KubeObject } from "../object/object.ts";
import type { Session } from "../session.ts";
import type { Readiness, Surroundings } from "./readiness.ts";

export interface SettleOptions {
  session: Session;
  urn: string;
  mapping: Mapping;
  /** The resource's custom timeout in seconds, 0 for the kind's default. */
  timeout: number;
}

/** How an object ended up: its newest state, and what it failed to become. */
export interface Settled {
  live: KubeObject;
  problem?: WaitError;
}

/** Waits until an object that was just written is ready. A kind that is not waited for is ready at once. */
export async function settle(written: KubeObject, options: SettleOptions): Promise<Settled> {
  const { session, urn, mapping } = options;
  const spec = awaitSpec(mapping);
  if (!spec || skipsAwait(written)) return { live: written };
  const around = surroundings(session.cluster);
  let live = written;
  const look = async (): Promise<Readiness> => {
    const now = await readAgain(session.cluster, mapping, written);
    if (!now) return { ready: false, reasons: ["it was deleted meanwhile"], failed: true };
    live = now;
    return spec.judge(live, around);
  };
  const tell = (reasons: string[]) => session.engine.log("info", reasons.join("; "), urn, true);
  try {
    const seconds = options.timeout || timeoutAnnotation(written) || spec.timeout;
    const name = written.metadata.name ?? "";
    await waitUntil(look, { name, state: "Ready", seconds, signal: session.signal, onProgress: tell });
    return { live };
  } catch (error) {
    if (error instanceof WaitError) return { live, problem: error };
    throw error;
  }
}

/** Judges an object that was only read. */
export async function judgeOnce(live: KubeObject, mapping: Mapping, cluster: Cluster): Promise<Readiness> {
  const spec = awaitSpec(mapping);
  return spec?.onRead && !skipsAwait(live) ? spec.judge(live, surroundings(cluster)) : ready;
}

/** What a resource that exists but is not ready is recorded with. */
export function problemReasons(live: KubeObject, problem: WaitError): string[] {
  const summary = `resource ${qualifiedName(live)} was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${problem.message}`;
  return [summary, ...problem.reasons];
}

/** Seconds of the annotation `pulumi.com/timeoutSeconds`, 0 without it. */
export function timeoutAnnotation(object: KubeObject): number {
  return Number(annotation(object, "pulumi.com/timeoutSeconds") ?? 0) || 0;
}

function skipsAwait(object: KubeObject): boolean {
  return annotation(object, "pulumi.com/skipAwait")?.toLowerCase() === "true";
}

async function readAgain(cluster: Cluster, mapping: Mapping, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    return await cluster.read(mapping, object.metadata.namespace, object.metadata.name ?? "");
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function surroundings(cluster: Cluster): Surroundings {
  return {
    list: async (apiVersion, kind, namespace, labelSelector) =>
      cluster.list(await cluster.discovery.get(apiVersion, kind), namespace, labelSelector),
  };
}
