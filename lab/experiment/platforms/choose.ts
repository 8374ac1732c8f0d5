import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LabOutputs } from "../../../topology/outputs.ts";
import { existingClusters } from "./existing.ts";
import { localCloud } from "./local-cloud.ts";
import type { Platform } from "./platform.ts";

/** What the lab's clusters run on: the stack's outputs tell, and whether this is a shell of a running local cloud. */
export async function choosePlatform(
  { clusters, labId }: Pick<LabOutputs, "clusters" | "labId">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Platform> {
  if (Object.values(clusters).some(({ context }) => context !== undefined)) return existingClusters;
  const socket = join(environment["ISTIO_LAB_RUN"] ?? "", "cloud.sock");
  if (environment["ISTIO_LAB_RUN"] && existsSync(socket)) return localCloud({ clusters, socket });
  // Loaded only here: AWS's SDK takes a third of a second, which nobody else needs.
  const { eks } = await import("./eks.ts");
  return eks({ clusters, labId });
}
