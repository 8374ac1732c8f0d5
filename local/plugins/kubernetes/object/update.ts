import { containsUnknown, isObject } from "../../host/values.ts";
import { InitFailed } from "../../host/provider.ts";
import { ApiError, isNotFound, messageOf, NoMatchError, UnreachableError } from "../api/errors.ts";
import { settle } from "../await/settle.ts";
import { checkpoint, readCheckpoint } from "./checkpoint.ts";
import { autoname } from "./inputs.ts";
import { handOver, isNeverUpdated } from "./managed-fields.ts";
import { pluck, qualifiedName, scoped } from "./object.ts";
import type { UpdateRequest } from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";
import type { Mapping } from "../api/discovery.ts";
import type { Session } from "../session.ts";
import type { KubeObject } from "./object.ts";

/** https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/ */
const conflictHelp =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

const definitionTries = 5;

interface Target {
  mapping: Mapping;
  inputs: KubeObject;
  fieldManager: string;
  dryRun: boolean;
}

/**
 * Updates an object by server-side apply without force, and waits until it is ready. A failure leaves the resource in
 * the state as not initialized, as the real provider does it, so that the next run updates it again.
 */
export async function updateObject(request: UpdateRequest, session: Session): Promise<Properties> {
  const inputs = request.news as KubeObject;
  const old = readCheckpoint(request.olds);
  const fieldManager = old.fieldManager ?? autoname("pulumi-kubernetes", "");
  if (request.preview && containsUnknown(inputs)) return inputs;
  const mapping = await session.cluster.discovery.find(inputs.apiVersion, inputs.kind);
  if (!mapping && request.preview) return inputs;
  if (!mapping) throw noSuchKind(inputs);

  const target = { mapping, inputs: scoped(inputs, mapping), fieldManager, dryRun: request.preview };
  const kept = { inputs, initialApiVersion: old.initialApiVersion ?? inputs.apiVersion, fieldManager };
  try {
    const written = await write(target, request.ignoreChanges, session);
    if (request.preview) return checkpoint(written, kept);
    const settled = await settle(written, { session, urn: request.urn, mapping, timeout: request.timeout });
    if (!settled.problem) return checkpoint(settled.live, kept);
    const reasons = [summary(inputs, settled.problem), ...settled.problem.reasons];
    throw new InitFailed({ id: request.id, properties: checkpoint(settled.live, kept), inputs }, reasons);
  } catch (error) {
    if (error instanceof InitFailed || error instanceof UnreachableError) throw error;
    if (request.preview && error instanceof ApiError && error.code === 403) return inputs;
    if (request.preview || isNotFound(error)) throw new Error(summary(inputs, error));
    const live = await session.cluster.read(mapping, target.inputs.metadata.namespace, inputs.metadata.name ?? "");
    throw new InitFailed({ id: request.id, properties: checkpoint(live, kept), inputs }, [summary(inputs, error)]);
  }
}

async function write(target: Target, ignoreChanges: string[], session: Session): Promise<KubeObject> {
  const { mapping, inputs, fieldManager, dryRun } = target;
  const { cluster } = session;
  const live = await cluster.read(mapping, inputs.metadata.namespace, inputs.metadata.name ?? "");
  const wanted = keepIgnored(inputs, live, ignoreChanges);
  if (mapping.kind === "CustomResourceDefinition") return replaceDefinition(target, wanted, live, session);
  const entries = live.metadata.managedFields ?? [];
  if (dryRun) return cluster.apply(mapping, wanted, { fieldManager, dryRun, force: isNeverUpdated(entries) });
  const value = handOver(entries, fieldManager);
  if (value) await cluster.jsonPatch(mapping, inputs, [{ op: "replace", path: "/metadata/managedFields", value }]);
  return cluster.apply(mapping, wanted, { fieldManager, dryRun });
}

/** A definition is replaced as a whole, so that versions and fields that were taken out do go. */
async function replaceDefinition(
  target: Target,
  wanted: KubeObject,
  first: KubeObject,
  { cluster }: Session,
): Promise<KubeObject> {
  const { mapping, inputs } = target;
  for (let live = first, tries = 1; ; tries++) {
    const { resourceVersion = "" } = live.metadata;
    try {
      return await cluster.replace(mapping, { ...wanted, metadata: { ...wanted.metadata, resourceVersion } }, target);
    } catch (error) {
      // The server itself writes conditions into a definition that is new or has just changed.
      const isOutrun = error instanceof ApiError && error.reason === "Conflict" && tries < definitionTries;
      if (!isOutrun) throw error;
      live = await cluster.read(mapping, undefined, inputs.metadata.name ?? "");
    }
  }
}

/** Fields of the option ignoreChanges keep their live value. */
function keepIgnored(inputs: KubeObject, live: KubeObject, ignoreChanges: string[]): KubeObject {
  return ignoreChanges.reduce<KubeObject>((object, path) => {
    const parts = path.split(".");
    const value = pluck(live, ...parts);
    return value === undefined ? object : (replaced(object, parts, value) as KubeObject);
  }, inputs);
}

function replaced(object: unknown, [first, ...rest]: string[], value: unknown): unknown {
  if (first === undefined) return value;
  const parent = isObject(object) ? object : {};
  return { ...parent, [first]: replaced(parent[first], rest, value) };
}

function summary(inputs: KubeObject, error: unknown): string {
  const conflict = error instanceof ApiError && error.reason === "Conflict";
  const help = conflict
    ? `Server-Side Apply field conflict detected. See ${conflictHelp} for troubleshooting help. `
    : "";
  return `the Kubernetes API server reported that "${qualifiedName(inputs)}" failed to fully initialize or become live: ${help}${messageOf(error)}`;
}

function noSuchKind(inputs: KubeObject): Error {
  const cause = new NoMatchError(inputs.apiVersion, inputs.kind).message;
  return new Error(
    `update of resource ${qualifiedName(inputs)} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${cause}`,
  );
}
