import type { LedgerSnapshot, NatGatewayRecord, NetworkInterfaceRecord, RouteTableRecord } from "../../aws/runtime.ts";
import { anyOf, chain, identifier } from "./plan.ts";

/** The interface of a VPC's router that leads out; without a route to a gateway nothing gets through it. */
export const uplink = "up0";

/** A packet mark per NAT gateway, so that it is known after the routing decision whose address to put on. */
export function natMark(natGateways: readonly NatGatewayRecord[], id: string): number {
  return natGateways.findIndex((nat) => nat.id === id) + 1;
}

/**
 * Route tables of one VPC as chains. `leave` lets a packet go to the internet only when the table of the sender's
 * subnet sends it to an attached internet gateway (and the sender has a public address) or to a NAT gateway whose own
 * subnet has such a route. `enter` lets a packet in only when the table of the receiver's subnet would send the answer
 * back through the internet gateway: on AWS the answer would be lost, here the question is.
 */
export function routingTable(snapshot: LedgerSnapshot, vpcId: string): string[] {
  const subnets = snapshot.subnets.filter((subnet) => subnet.vpcId === vpcId);
  const tables = snapshot.routeTables.filter((table) => table.vpcId === vpcId);
  const nats = snapshot.natGateways.filter((nat) => nat.vpcId === vpcId);
  const publics = publicAddresses(snapshot, vpcId);
  const leave = tables.flatMap((table) => {
    const cidrs = subnets.filter(({ routeTableId }) => routeTableId === table.id).map(({ cidr }) => cidr);
    return cidrs.length > 0 ? [`ip saddr ${anyOf(cidrs)} goto leave_${identifier(table.id)}`] : [];
  });
  const enter = tables.flatMap((table) => {
    const here = publics.filter(({ routeTableId }) => routeTableId === table.id).map(({ publicIp }) => publicIp);
    return here.length > 0 ? [`ip daddr ${anyOf(here)} goto enter_${identifier(table.id)}`] : [];
  });
  const direct = publics.filter(({ privateIp }) => privateIp !== undefined).map(({ privateIp }) => String(privateIp));
  return [
    ...chain("leave_by_gateway", direct.length > 0 ? [`ip saddr ${anyOf(direct)} return`, "drop"] : ["drop"]),
    ...nats.flatMap((nat) => natChain(nats, nat, tables, subnets)),
    ...tables.flatMap((table) => [...leaveChain(table, nats), ...enterChain(table)]),
    ...chain("leave", [...leave, "drop"]),
    ...chain("enter", [...enter, "drop"]),
  ];
}

interface PublicAddress {
  publicIp: string;
  /** Absent for a NAT gateway: nobody sends from its private address. */
  privateIp?: string;
  subnetId: string;
  routeTableId: string;
}

/** Who is known to the internet, and in which subnet. */
export function publicAddresses(snapshot: LedgerSnapshot, vpcId: string): PublicAddress[] {
  const tableOf = new Map(snapshot.subnets.map(({ id, routeTableId }) => [id, routeTableId]));
  const holders: { publicIp?: string; privateIp?: string; subnetId: string }[] = [
    ...snapshot.networkInterfaces.filter((eni) => eni.vpcId === vpcId && hasOwnMapping(eni)),
    ...snapshot.loadBalancers.filter((lb) => lb.vpcId === vpcId).flatMap((lb) => lb.zones),
    ...snapshot.natGateways
      .filter((nat) => nat.vpcId === vpcId && nat.publicIp !== undefined)
      .map((nat) => ({ publicIp: String(nat.publicIp), subnetId: nat.subnetId })),
  ];
  return holders.flatMap(({ publicIp, privateIp, subnetId }) => {
    const routeTableId = tableOf.get(subnetId);
    if (publicIp === undefined || routeTableId === undefined) return [];
    return [{ publicIp, subnetId, routeTableId, ...(privateIp === undefined ? {} : { privateIp }) }];
  });
}

/** Load balancers and NAT gateways have interfaces too, but translate by rules of their own. */
export function hasOwnMapping(eni: NetworkInterfaceRecord): boolean {
  return eni.publicIp !== undefined && (eni.kind === "node" || eni.kind === "control-plane");
}

/** Every public address that belongs to the VPC: where the internet has to send packets for it. */
export function vpcPublicAddresses(snapshot: LedgerSnapshot, vpcId: string): string[] {
  return publicAddresses(snapshot, vpcId).map(({ publicIp }) => publicIp);
}

function leaveChain(table: RouteTableRecord, nats: readonly NatGatewayRecord[]): string[] {
  const rules = table.routes.map(({ destinationCidr, target, state }) => {
    const to = `ip daddr ${destinationCidr}`;
    if (state === "blackhole") return `${to} drop`;
    if (target.kind === "internet-gateway") return `${to} goto leave_by_gateway`;
    if (target.kind === "nat-gateway" && nats.some(({ id, publicIp }) => id === target.id && publicIp !== undefined)) {
      return `${to} goto leave_by_${identifier(target.id)}`;
    }
    return `${to} drop`;
  });
  return chain(`leave_${identifier(table.id)}`, [...rules, "drop"]);
}

function enterChain(table: RouteTableRecord): string[] {
  const rules = table.routes.map(({ destinationCidr, target, state }) => {
    const back = state === "active" && target.kind === "internet-gateway";
    return `ip saddr ${destinationCidr} ${back ? "return" : "drop"}`;
  });
  return chain(`enter_${identifier(table.id)}`, [...rules, "drop"]);
}

/** A NAT gateway is in a subnet itself, and what it sends on follows that subnet's table. */
function natChain(
  nats: readonly NatGatewayRecord[],
  nat: NatGatewayRecord,
  tables: readonly RouteTableRecord[],
  subnets: readonly { id: string; routeTableId: string }[],
): string[] {
  const tableId = subnets.find(({ id }) => id === nat.subnetId)?.routeTableId;
  const routes = tables.find(({ id }) => id === tableId)?.routes ?? [];
  const rules = routes.map(({ destinationCidr, target, state }) => {
    const out = state === "active" && target.kind === "internet-gateway";
    return `ip daddr ${destinationCidr} ${out ? "return" : "drop"}`;
  });
  return chain(`leave_by_${identifier(nat.id)}`, [`meta mark set ${natMark(nats, nat.id)}`, ...rules, "drop"]);
}
