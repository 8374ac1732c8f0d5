import { containsUnknown } from "../../host/values.ts";
import { InitFailed } from "../../host/provider.ts";
import { ApiError, isNotFound, messageOf, NoMatchError, UnreachableError } from "../api/errors.ts";
import { sleep } from "../api/rest.ts";
import { problemReasons, settle } from "../await/settle.ts";
import { checkpoint } from "./checkpoint.ts";
import { autoname } from "./inputs.ts";
import { qualifiedName, scoped } from "./object.ts";
import type { CreateRequest } from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";
import type { Mapping } from "../api/discovery.ts";
import type { Session } from "../session.ts";
import type { KubeObject } from "./object.ts";

/** Pauses in seconds before each further try, when the kind or the namespace does not exist yet. */
const retryPauses = [1, 2, 4, 8, 16];

interface Made {
  id: string;
  properties: Properties;
}

/** Makes an object and waits until it is ready; in a preview, asks the server what it would become. */
export async function createObject(request: CreateRequest, session: Session): Promise<Made> {
  const inputs = request.inputs as KubeObject;
  const fieldManager = autoname("pulumi-kubernetes", "");
  if (request.preview) return { id: "", properties: await previewCreate(inputs, fieldManager, session) };

  const { mapping, made } = await createRetrying(inputs, fieldManager, request.urn, session);
  if (mapping.kind === "CustomResourceDefinition") session.cluster.discovery.forget();
  const { live, problem } = await settle(made, { session, urn: request.urn, mapping, timeout: request.timeout });
  const properties = checkpoint(live, { inputs, initialApiVersion: inputs.apiVersion, fieldManager });
  const id = qualifiedName(live);
  if (problem) throw new InitFailed({ id, properties, inputs }, problemReasons(live, problem));
  return { id, properties };
}

async function createRetrying(
  inputs: KubeObject,
  fieldManager: string,
  urn: string,
  session: Session,
): Promise<{ mapping: Mapping; made: KubeObject }> {
  for (let tries = 0; ; tries++) {
    try {
      const mapping = await session.cluster.discovery.get(inputs.apiVersion, inputs.kind);
      return { mapping, made: await write(scoped(inputs, mapping), mapping, fieldManager, session) };
    } catch (error) {
      const pause = retryPauses[tries];
      const mayAppear = error instanceof NoMatchError || isNotFound(error);
      if (!mayAppear || pause === undefined || session.signal.aborted) throw explained(error, inputs);
      session.engine.log("info", `Retry #${tries}; creation failed: ${messageOf(error)}`, urn, true);
      await sleep(pause * 1000);
    }
  }
}

function write(object: KubeObject, mapping: Mapping, fieldManager: string, session: Session): Promise<KubeObject> {
  const { cluster, options } = session;
  if (options.upsertExistingObjects && object.metadata.name) {
    return cluster.apply(mapping, object, { fieldManager, dryRun: false });
  }
  return cluster.create(mapping, object, false);
}

/**
 * What the object would become. Inputs that are not known yet, a kind that does not exist yet, a missing namespace and
 * an existing object are no failures of a preview; what the server's schema or a webhook refuses is one.
 */
async function previewCreate(inputs: KubeObject, fieldManager: string, session: Session): Promise<Properties> {
  if (containsUnknown(inputs)) return inputs;
  try {
    const mapping = await session.cluster.discovery.find(inputs.apiVersion, inputs.kind);
    if (!mapping) return inputs;
    const { status: _empty, ...live } = await session.cluster.create(mapping, scoped(inputs, mapping), true);
    return checkpoint(live, { inputs, initialApiVersion: inputs.apiVersion, fieldManager });
  } catch (error) {
    const isTolerated = error instanceof ApiError && [403, 404, 409].includes(error.code);
    if (isTolerated || error instanceof UnreachableError) return inputs;
    throw explained(error, inputs);
  }
}

function explained(error: unknown, inputs: KubeObject): Error {
  const name = qualifiedName(inputs);
  if (error instanceof NoMatchError) {
    return new Error(
      `creation of resource ${name} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
    );
  }
  if (error instanceof UnreachableError) return error;
  return new Error(`resource ${name} was not successfully created by the Kubernetes API server: ${messageOf(error)}`);
}
