/** A lab that stands: its plan, what Pulumi says of it, and connections to its clusters. */
import type { LabOutputs } from "../../topology/outputs.ts";
import type { LabPlan } from "../../topology/types.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { UsageError } from "../plan/usage-error.ts";

export interface OpenStack {
  readonly stack: string;
  /** Path of the stack file. */
  readonly file: string;
  readonly plan: LabPlan;
  readonly outputs: LabOutputs;
  /** By name. Nothing was asked of them yet. */
  readonly clusters: ReadonlyMap<string, Cluster>;
}

/**
 * A cluster that the plan promises.
 * @throws UsageError where somebody named another
 */
export function clusterOf(lab: Pick<OpenStack, "clusters">, name: string): Cluster {
  const cluster = lab.clusters.get(name);
  if (cluster === undefined)
    throw new UsageError(`The lab has no cluster "${name}": ${[...lab.clusters.keys()].join(", ")}.`);
  return cluster;
}
