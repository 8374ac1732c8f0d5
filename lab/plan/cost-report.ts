/** The bill of a lab as lines of text. */
import type { LabPlan } from "../../topology/types.ts";
import { pricesReadOn } from "../prices.ts";
import { type Cost, type CostItem, costOf, knownHourly } from "./cost.ts";
import type { Colours } from "./colours.ts";
import { table, type TableOptions } from "./table.ts";

/** How long a lab stands in the plan's second sum. */
const labHours = 2;

/** https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer */
const peeringNote = "VPC peering costs nothing by the hour, what crosses it $0.01 or $0.02 per GB within the US.";

/** https://aws.amazon.com/route53/pricing/ */
const zoneNote = "The hosted zone is there already: $0.50 per month, and $0.40 per million queries.";

/** A table by item, the sums, and what they leave out. */
export function costLines(lab: LabPlan, options: TableOptions, colours: Colours): string[] {
  const cost = costOf(lab);
  if (cost.items.length === 0) return [`${options.indent}Nothing from AWS: the clusters exist already.`];
  const right = { align: "right" as const };
  const columns = [
    { title: "item" },
    { title: "quantity", ...right },
    { title: "$ per hour", ...right },
    { title: `$ for ${labHours} h`, ...right },
    { title: "what" },
  ];
  const lines = table(columns, merged(cost.items, lab.clusters.length).map(row), options);
  return [
    ...lines,
    ...sums(cost).map((line) => options.indent + colours.bold(line)),
    `${options.indent}${colours.dim(`List prices in US dollars before tax, read on ${pricesReadOn}; sources in lab/prices.ts.`)}`,
    ...(lab.networkLinks.length > 0 ? [options.indent + colours.dim(peeringNote)] : []),
    ...(lab.globalIngress === undefined ? [] : [options.indent + colours.dim(zoneNote)]),
    `${options.indent}${colours.dim("Not included: data transfer, load balancer capacity units, NAT bytes, T instances' burst credits.")}`,
  ];
}

function row(item: CostItem): string[] {
  const quantity = `${item.quantity}${item.item === "gp3 volume" ? " GiB" : ""}`;
  if (item.hourly === null) return [item.item, quantity, "no price", "known", item.detail];
  return [item.item, quantity, item.hourly.toFixed(4), (item.hourly * labHours).toFixed(2), item.detail];
}

/** Equal lines of several clusters become one, which says whose it is where they are not all alike. */
function merged(items: readonly CostItem[], clusters: number): CostItem[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify([item.item, item.detail, item.unitPrice]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const quantity = group.reduce((sum, item) => sum + item.quantity, 0);
    const hourly = first.hourly === null ? null : knownHourly(group);
    return [{ ...first, quantity, hourly, detail: `${first.detail}${whose(group, clusters)}` }];
  });
}

function whose(group: readonly CostItem[], clusters: number): string {
  if (clusters === 1) return "";
  if (group.length === clusters) return "; each cluster";
  return group.length > 3 ? `; ${group.length} clusters` : `; ${group.map((item) => item.cluster).join(", ")}`;
}

function sums({ hourly, items }: Cost): string[] {
  if (hourly !== null)
    return [`In all $${hourly.toFixed(2)} per hour, $${(hourly * labHours).toFixed(2)} for a ${labHours}-hour lab.`];
  const known = knownHourly(items);
  const regions = [...new Set(items.filter((item) => item.hourly === null).map((item) => item.region))].join(", ");
  const rest = known > 0 ? ` What is known comes to $${known.toFixed(2)} per hour.` : "";
  return [`No price known for some items in ${regions}, so there is no sum.${rest}`];
}
