import { isNotFound } from "../api/errors.ts";
import { timeoutAnnotation } from "../await/settle.ts";
import { waitUntil } from "../await/wait.ts";
import { kindOf } from "../tokens.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { annotation, splitId } from "./object.ts";
import type { DeleteRequest } from "../../host/provider.ts";
import type { Mapping } from "../api/discovery.ts";
import type { Look } from "../await/wait.ts";
import type { Session } from "../session.ts";
import type { KubeObject } from "./object.ts";

/** Seconds until a deletion that hangs is given up. */
const defaultTimeout = 600;

/** Deletes an object after its dependents and waits until it is gone. What does not exist is deleted. */
export async function deleteObject(request: DeleteRequest, session: Session): Promise<void> {
  const { apiVersion, kind } = kindOf(request.type);
  const mapping = await session.cluster.discovery.find(apiVersion, kind);
  if (!mapping) return;
  const { namespace, name } = splitId(request.id);
  const live = readCheckpoint(request.properties).live as KubeObject;
  const target: KubeObject = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
  const policy = capitalised(annotation(live, "pulumi.com/deletionPropagationPolicy") ?? "foreground");
  try {
    await session.cluster.delete(mapping, target, policy);
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  await waitUntil(() => lookGone(mapping, target, live.metadata.uid, session), {
    name: request.id,
    state: "Deleted",
    seconds: request.timeout || timeoutAnnotation(live) || defaultTimeout,
    signal: session.signal,
    onProgress: (reasons) => session.engine.log("info", reasons.join("; "), request.urn, true),
  }).catch((error: unknown) => {
    throw withReasons(error);
  });
}

async function lookGone(
  mapping: Mapping,
  target: KubeObject,
  uid: string | undefined,
  { cluster }: Session,
): Promise<Look> {
  try {
    const live = await cluster.read(mapping, target.metadata.namespace, target.metadata.name ?? "");
    if (uid && live.metadata.uid !== uid) return { ready: true, reasons: [] };
    const finalizers = live.metadata["finalizers"];
    const held = Array.isArray(finalizers) ? ` (finalizers: ${finalizers.join(", ")})` : "";
    return { ready: false, reasons: [`${target.kind} ${target.metadata.name ?? ""} still exists${held}`] };
  } catch (error) {
    if (isNotFound(error)) return { ready: true, reasons: [] };
    throw error;
  }
}

function withReasons(error: unknown): unknown {
  if (!(error instanceof Error) || !("reasons" in error)) return error;
  const reasons = error.reasons as string[];
  return new Error([error.message, ...reasons].join(": "));
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}
