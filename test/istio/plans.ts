import { planLab } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";
import type { ClusterPlan, LabPlan } from "../../topology/types.ts";

/** Two primaries on two networks, as small as a stack file can say it. */
export const multi: LabConfig = {
  clusters: [
    { name: "east", region: "us-east-1", network: "network-east", cidr: "10.10.0.0/16" },
    { name: "west", region: "us-west-2", network: "network-west", cidr: "10.20.0.0/16" },
  ],
  samples: ["helloworld", "curl"],
};

export function planned(config: LabConfig, name: string): { lab: LabPlan; cluster: ClusterPlan } {
  const lab = planLab(config);
  const cluster = lab.clusters.find((candidate) => candidate.name === name);
  if (cluster === undefined)
    throw new Error(`No cluster "${name}" in ${lab.clusters.map((each) => each.name).join(", ")}`);
  return { lab, cluster };
}
