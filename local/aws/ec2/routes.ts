import { cidr, contains } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import type { Resource } from "../resource.ts";
import type { RouteRecord } from "../snapshot.ts";
import { otherEnd, routeTableOf } from "./find.ts";
import { InternetGateway, NatGateway, Peering, Route, Subnet, Vpc } from "./kinds.ts";
import type { RouteTableState, RouteTarget, SubnetState } from "./kinds.ts";

const ANYWHERE = "0.0.0.0/0";

/** What a table does with traffic: the implied local route, inline and separate routes, the most specific first. */
export function routesOf(cloud: Cloud, table: Resource<RouteTableState>): RouteRecord[] {
  const { region, state } = table;
  const local = cloud.get(Vpc, region, state.vpcId).state.cidrBlock;
  const separate = cloud.all(Route, region).filter((route) => route.state.routeTableId === table.id);
  const routes: RouteRecord[] = [
    { destinationCidr: local, target: { kind: "local" }, state: "active" },
    ...state.routes.map((route) => resolve(cloud, table, route.cidrBlock, route)),
    ...separate.map((route) => resolve(cloud, table, route.state.destinationCidrBlock, route.state)),
  ];
  return routes.sort((a, b) => cidr(b.destinationCidr).prefix - cidr(a.destinationCidr).prefix);
}

/** A route whose target is gone, detached, unaccepted or in another network stays as a blackhole. */
function resolve(
  cloud: Cloud,
  { region, state }: Resource<RouteTableState>,
  destination: string,
  to: RouteTarget,
): RouteRecord {
  const record = (kind: "internet-gateway" | "nat-gateway" | "peering", id: string, alive: boolean): RouteRecord => ({
    destinationCidr: destination,
    target: { kind, id },
    state: alive ? "active" : "blackhole",
  });
  if (to.natGatewayId) return record("nat-gateway", to.natGatewayId, !!cloud.find(NatGateway, region, to.natGatewayId));
  if (to.vpcPeeringConnectionId) {
    const peering = cloud.all(Peering).find(({ id }) => id === to.vpcPeeringConnectionId);
    const other = peering && otherEnd(peering, state.vpcId);
    const alive = cloud.all(Vpc).some(({ id }) => id === other);
    return record("peering", to.vpcPeeringConnectionId, alive);
  }
  const gateway = cloud.find(InternetGateway, region, to.gatewayId ?? "");
  return record("internet-gateway", to.gatewayId ?? "", gateway?.state.vpcId === state.vpcId);
}

/** How a subnet gets out to public addresses, if it does. */
export type Egress = { kind: "internet-gateway" } | { kind: "nat-gateway"; publicIp: string };

export function internetEgress(cloud: Cloud, subnet: Resource<SubnetState>): Egress | undefined {
  const out = routesOf(cloud, routeTableOf(cloud, subnet)).find(
    ({ destinationCidr }) => destinationCidr === ANYWHERE || contains(cidr(destinationCidr), cidr("198.18.0.0/15")),
  );
  if (out?.state !== "active") return undefined;
  if (out.target.kind === "internet-gateway") return { kind: "internet-gateway" };
  if (out.target.kind !== "nat-gateway") return undefined;
  const nat = cloud.get(NatGateway, subnet.region, out.target.id);
  const natSubnet = cloud.get(Subnet, subnet.region, nat.state.subnetId);
  const connected = internetEgress(cloud, natSubnet)?.kind === "internet-gateway";
  return nat.state.publicIp && connected ? { kind: "nat-gateway", publicIp: nat.state.publicIp } : undefined;
}
