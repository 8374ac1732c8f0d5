import { InitFailed } from "../../host/provider.ts";
import { isObject } from "../../host/values.ts";
import { isNotFound } from "../api/errors.ts";
import { judgeOnce } from "../await/settle.ts";
import { isBuiltIn, kindOf } from "../tokens.ts";
import { checkpoint, readCheckpoint } from "./checkpoint.ts";
import { reconcile } from "./diff.ts";
import { autoname } from "./inputs.ts";
import { splitId } from "./object.ts";
import type { Reading, ReadRequest } from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";
import type { Session } from "../session.ts";
import type { KubeObject } from "./object.ts";

/** Annotations that controllers write, no inputs of an import. */
const controllerAnnotations = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];

/** The object as it is now, or undefined when it or its kind is gone. */
export async function readObject(request: ReadRequest, session: Session): Promise<Reading | undefined> {
  const old = readCheckpoint(request.properties);
  const { apiVersion, kind } = kindOf(request.type);
  const mapping = await session.cluster.discovery.find(apiVersion, kind);
  if (!mapping) return undefined;
  const live = await readOrNothing(request.id, mapping, session);
  if (!live) return undefined;

  const isImport = Object.keys(request.inputs).length === 0;
  const inputs = isImport ? importedInputs(live) : knownInputs(live, request.inputs, apiVersion);
  const fieldManager = old.fieldManager ?? autoname("pulumi-kubernetes", "");
  const properties = checkpoint(live, { inputs, initialApiVersion: old.initialApiVersion ?? apiVersion, fieldManager });
  const { ready, reasons } = isImport ? { ready: true, reasons: [] } : await judgeOnce(live, mapping, session.cluster);
  if (!ready) throw new InitFailed({ id: request.id, properties, inputs }, reasons);
  return { id: request.id, properties, inputs };
}

async function readOrNothing(
  id: string,
  mapping: Parameters<Session["cluster"]["read"]>[0],
  { cluster }: Session,
): Promise<KubeObject | undefined> {
  const { namespace, name } = splitId(id);
  try {
    return await cluster.read(mapping, namespace, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function knownInputs(live: KubeObject, old: Properties, apiVersion: string): KubeObject {
  return reconcile(live, old, { builtIn: isBuiltIn(apiVersion) }) as KubeObject;
}

function importedInputs(live: KubeObject): KubeObject {
  const { status: _status, ...rest } = live;
  const { creationTimestamp: _time, generation: _generation, managedFields: _fields, ...metadata } = live.metadata;
  const { resourceVersion: _version, uid: _uid, ...kept } = metadata;
  const annotations = isObject(kept.annotations) ? { ...kept.annotations } : {};
  for (const name of controllerAnnotations) delete annotations[name];
  const hasAnnotations = Object.keys(annotations).length > 0;
  const { annotations: _annotations, ...bare } = kept;
  return { ...rest, metadata: hasAnnotations ? { ...bare, annotations } : bare };
}
