import type { Fault } from "../../cloud/faults.ts";
import { CloudUnreachable, callCloud } from "../aws/transport.ts";

/** Asks the cloud whether the creation of a resource is to fail. Without a cloud none is. */
export async function takeFault(urn: string): Promise<Fault | undefined> {
  try {
    return ((await callCloud("/faults/take", { urn })) as Fault | null) ?? undefined;
  } catch (error) {
    if (error instanceof CloudUnreachable) return undefined;
    throw error;
  }
}
