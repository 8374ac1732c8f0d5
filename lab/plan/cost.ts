/** What a lab costs while it stands, by item. Prices and their date are in `prices.ts`. */
import type { ClusterPlan, GatewayPlan, LabPlan } from "../../topology/types.ts";
import { fastHealthCheckMonth, prices, type RegionPrices } from "../prices.ts";
import { plural } from "./words.ts";

/** One line of the bill. Money is in US dollars per hour, or null where no price is known. */
export interface CostItem {
  readonly cluster: string;
  readonly region: string;
  readonly item: CostKind;
  /** What exactly, such as `t3.large, on demand`. */
  readonly detail: string;
  /** Pieces, or GiB of `gp3 volume`. */
  readonly quantity: number;
  readonly unitPrice: number | null;
  readonly hourly: number | null;
}

export type CostKind =
  | "EKS control plane"
  | "nodes"
  | "gp3 volume"
  | "network load balancer"
  | "public IPv4 address"
  | "NAT gateway"
  | "Route 53 health check";

export interface Cost {
  /** Dollars per hour; null as soon as one item has no price, because a part is not the whole. */
  readonly hourly: number | null;
  readonly items: readonly CostItem[];
}

const hoursPerMonth = 730;

/** Prices everything that costs by the hour. A lab on clusters that already exist costs nothing more. */
export function costOf(lab: LabPlan): Cost {
  const items = lab.platform === "existing" ? [] : lab.clusters.flatMap((cluster) => clusterItems(lab, cluster));
  const unknown = items.some((item) => item.hourly === null);
  return { hourly: unknown ? null : knownHourly(items), items };
}

/** The sum of all items that have a price, in dollars per hour. */
export function knownHourly(items: readonly CostItem[]): number {
  return rounded(items.reduce((sum, item) => sum + (item.hourly ?? 0), 0));
}

function clusterItems({ globalIngress }: LabPlan, cluster: ClusterPlan): CostItem[] {
  const region = prices[cluster.region];
  const { nodes } = cluster;
  const balancers = cluster.gateways.filter((gateway) => gateway.exposure !== "none");
  const nat = cluster.vpc.nat ? 1 : 0;
  const checks = globalIngress?.clusters.includes(cluster.name) ? 1 : 0;
  const volume = region === undefined ? undefined : region.volumeGibMonth / hoursPerMonth;
  const line = (item: CostKind, detail: string, quantity: number, price: number | undefined): CostItem => ({
    cluster: cluster.name,
    region: cluster.region,
    item,
    detail,
    quantity,
    unitPrice: price === undefined ? null : rounded(price),
    hourly: price === undefined ? null : rounded(quantity * price),
  });
  return [
    line("EKS control plane", `Kubernetes ${cluster.kubernetesVersion}`, 1, region?.controlPlane),
    line("nodes", nodeDetail(cluster), nodes.count, nodePrice(cluster, region)),
    line("gp3 volume", `${nodes.diskSize} GiB per node`, nodes.count * nodes.diskSize, volume),
    line(
      "network load balancer",
      balancers.map((gateway) => gateway.kind).join(", "),
      balancers.length,
      region?.loadBalancer,
    ),
    line("NAT gateway", "for private nodes", nat, region?.natGateway),
    line(
      "public IPv4 address",
      addressDetail(cluster, balancers, nat),
      addresses(cluster, balancers, nat),
      region?.publicAddress,
    ),
    line(
      "Route 53 health check",
      `every ${String(globalIngress?.healthCheck.intervalSeconds)} seconds`,
      checks,
      fastHealthCheckMonth / hoursPerMonth,
    ),
  ].filter((item) => item.quantity > 0);
}

function nodeDetail({ nodes }: ClusterPlan): string {
  const types = nodes.instanceTypes.join(" or ");
  return nodes.capacityType === "SPOT" ? `${types}, spot: at most the price on demand` : `${types}, on demand`;
}

/** Of several instance types AWS picks one, so the dearest counts. Spot prices change by the hour and stay below. */
function nodePrice({ nodes }: ClusterPlan, region: RegionPrices | undefined): number | undefined {
  const candidates = nodes.instanceTypes.map((type) => region?.instances[type]);
  const known = candidates.filter((price) => price !== undefined);
  return known.length < candidates.length ? undefined : Math.max(...known);
}

/** One per public node, one per zone of each load balancer on the internet, one per NAT gateway. */
function addresses(cluster: ClusterPlan, balancers: readonly GatewayPlan[], nat: number): number {
  const facing = balancers.filter((gateway) => gateway.exposure === "internet").length;
  return (cluster.nodes.private ? 0 : cluster.nodes.count) + facing * cluster.zones + nat;
}

function addressDetail(cluster: ClusterPlan, balancers: readonly GatewayPlan[], nat: number): string {
  const facing = balancers.filter((gateway) => gateway.exposure === "internet").length;
  const parts = [
    ...(cluster.nodes.private ? [] : [plural(cluster.nodes.count, "node")]),
    ...(facing > 0 ? [`${plural(facing, "load balancer")} in ${plural(cluster.zones, "zone")}`] : []),
    ...(nat > 0 ? ["the NAT gateway"] : []),
  ];
  return parts.join(", ");
}

/** To a millionth of a dollar: what is left of binary fractions would only look like precision. */
function rounded(dollars: number): number {
  return Math.round(dollars * 1e6) / 1e6;
}
