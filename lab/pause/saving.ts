/** What a paused lab does not cost. */
import type { LabPlan } from "../../topology/types.ts";
import { type Cost, costOf, knownHourly } from "../plan/cost.ts";
import { pricesReadOn, prices } from "../prices.ts";

export interface Saving {
  /** Dollars per hour; null where a price is not known. */
  readonly saved: number | null;
  /** What goes on costing; null where a price is not known. */
  readonly left: number | null;
}

/** Nodes go with their disks and their public addresses; control planes, load balancers and NAT gateways stay. */
export function savingOf(plan: LabPlan): Saving {
  const { hourly, items }: Cost = costOf(plan);
  const nodes = items.filter(({ item }) => item === "nodes" || item === "gp3 volume");
  const addresses = plan.clusters.map(({ nodes: { private: closed, count }, region }) =>
    closed ? 0 : count * (prices[region]?.publicAddress ?? NaN),
  );
  const saved = knownHourly(nodes) + addresses.reduce((sum, each) => sum + each, 0);
  if (hourly === null || Number.isNaN(saved)) return { saved: null, left: null };
  return { saved, left: hourly - saved };
}

export function savingLine({ saved, left }: Saving): string {
  if (saved === null || left === null) return "What it saves is not known: some prices of these regions are not.";
  return (
    `It saves $${saved.toFixed(2)} per hour; control planes, load balancers and their addresses go on costing ` +
    `$${left.toFixed(2)} (list prices read on ${pricesReadOn}).`
  );
}
