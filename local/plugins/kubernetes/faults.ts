import { InitFailed } from "../host/provider.ts";
import { qualifiedName } from "./object/object.ts";
import { releaseType } from "./tokens.ts";
import type { Fault } from "../../cloud/faults.ts";
import type { CreateRequest } from "../host/provider.ts";
import type { Properties } from "../host/values.ts";

interface Made {
  id: string;
  properties: Properties;
}

/** Seconds in which nothing becomes ready. */
const noTime = 0.001;

/**
 * Creates an object or a release that is to fail, in the words in which the real provider fails. Half made is what was
 * written and then did not become ready in time: that is left to `create`, which is given no time.
 */
export async function createFailing(
  fault: Fault,
  request: CreateRequest,
  create: (request: CreateRequest) => Promise<Made>,
): Promise<Made> {
  if (fault.how === "half-made") {
    const made = await create({ ...request, timeout: noTime });
    throw new InitFailed({ ...made, inputs: request.inputs }, [fault.message]);
  }
  if (fault.how === "answer-lost") await create(request);
  if (request.type === releaseType) throw new Error(fault.message);
  const name = qualifiedName(request.inputs);
  throw new Error(`resource ${name} was not successfully created by the Kubernetes API server: ${fault.message}`);
}
