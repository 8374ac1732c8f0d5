import type { LabOutputs } from "../../../topology/outputs.ts";
import { localCloudSocket } from "../../stack/local-cloud.ts";
import { existingClusters } from "./existing.ts";
import { localCloud } from "./local-cloud.ts";
import type { Platform } from "./platform.ts";

/** What the lab's clusters run on: the stack's outputs tell, and whether this is a shell of a running local cloud. */
export async function choosePlatform(
  { clusters, labId }: Pick<LabOutputs, "clusters" | "labId">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Platform> {
  if (Object.values(clusters).some(({ context }) => context !== undefined)) return existingClusters;
  const socket = localCloudSocket(environment);
  if (socket !== undefined) return localCloud({ clusters, socket });
  // Loaded only here: AWS's SDK takes a third of a second, which nobody else needs.
  const { eks } = await import("./eks.ts");
  return eks({ clusters, labId });
}
