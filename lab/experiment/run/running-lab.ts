/** A lab that stands: its plan, its clusters, and who can cut its networks. */
import type { LabOutputs } from "../../../topology/outputs.ts";
import type { LabPlan } from "../../../topology/types.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Cluster } from "./cluster.ts";

export interface RunningLab {
  readonly stack: string;
  /** Path of the stack file. */
  readonly file: string;
  readonly plan: LabPlan;
  readonly outputs: LabOutputs;
  /** By name. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly platform: Platform;
  /** `pulumi up` with a stack file. Resolves when it is done. */
  up(file: string): Promise<void>;
}

/** A cluster that the plan promises. */
export function clusterOf(lab: RunningLab, name: string): Cluster {
  const cluster = lab.clusters.get(name);
  if (cluster === undefined)
    throw new Error(`The lab has no cluster "${name}": ${[...lab.clusters.keys()].join(", ")}.`);
  return cluster;
}
