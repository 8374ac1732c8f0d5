import { isObject, secret } from "../../host/values.ts";
import { markSecretData } from "./inputs.ts";
import type { Properties } from "../../host/values.ts";
import type { KubeObject } from "./object.ts";

/** What the provider keeps beside the live object in the state. */
interface Kept {
  inputs: KubeObject;
  initialApiVersion: string;
  fieldManager: string;
}

/**
 * A resource's outputs: the live object, and beside it the inputs, the first apiVersion and the field manager, as the
 * real provider keeps them. The inputs are secret as a whole, because the engine marks only outputs that carry the
 * name of a secret input.
 */
export function checkpoint(live: Properties, kept: Kept): Properties {
  return {
    ...markSecretData(live),
    __inputs: secret(kept.inputs),
    __initialApiVersion: kept.initialApiVersion,
    __fieldManager: kept.fieldManager,
  };
}

/** Takes a resource's outputs apart again. */
export function readCheckpoint(outputs: Properties): {
  live: Properties;
  inputs: Properties;
  initialApiVersion: string | undefined;
  fieldManager: string | undefined;
} {
  const { __inputs: inputs, __initialApiVersion: apiVersion, __fieldManager: manager, ...live } = outputs;
  return {
    live,
    inputs: isObject(inputs) ? inputs : {},
    initialApiVersion: typeof apiVersion === "string" ? apiVersion : undefined,
    fieldManager: typeof manager === "string" ? manager : undefined,
  };
}
