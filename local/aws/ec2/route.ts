import { createHash } from "node:crypto";
import { cidr, contains } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { Props, Resource, ResourceType } from "../resource.ts";
import { blockProblem } from "./cidr-check.ts";
import { internetGatewayById, natGatewayById, peeringById, routeTableById, subnetById } from "./find.ts";
import { Route, Vpc } from "./kinds.ts";
import type { RouteState, RouteTableState, RouteTarget } from "./kinds.ts";

const TARGETS = ["gatewayId", "natGatewayId", "vpcPeeringConnectionId"] as const;

export const route: ResourceType<RouteState, RouteState> = {
  kind: Route,
  replaceOn: ["routeTableId", "destinationCidrBlock", "region"],
  check: checkTarget,
  create(cloud, inputs, { region }) {
    const table = routeTableById(cloud, region, inputs.routeTableId);
    assertRoute(cloud, table, inputs.destinationCidrBlock, inputs);
    const id = `r-${table.id}${hashOf(inputs.destinationCidrBlock)}`;
    return cloud.add(Route, { id, region, state: { ...inputs, origin: "CreateRoute", state: "active" } as RouteState });
  },
  update(cloud, { state, id, region }, inputs) {
    const table = routeTableById(cloud, region, state.routeTableId);
    assertRoute(cloud, table, inputs.destinationCidrBlock, inputs, id);
  },
};

/** A route needs one destination and one target that this cloud has. */
export function checkTarget(inputs: Props, refuse: (property: string, reason: string) => void): void {
  const destination = "destinationCidrBlock" in inputs ? "destinationCidrBlock" : "cidrBlock";
  const problem = blockProblem(inputs[destination]);
  if (problem) refuse(destination, problem);
  if (inputs[destination] === undefined) refuse(destination, "a route needs an IPv4 destination");
  const given = TARGETS.filter((target) => inputs[target] !== undefined && inputs[target] !== "");
  if (given.length !== 1) {
    refuse(
      "gatewayId",
      `one of \`gateway_id,nat_gateway_id,vpc_peering_connection_id\` must be specified (the local cloud has no other targets), got ${given.length}`,
    );
  }
}

/** Refuse what CreateRoute refuses. `self` is the id of the Route that is being changed. */
export function assertRoute(
  cloud: Cloud,
  table: Resource<RouteTableState>,
  destination: string,
  target: RouteTarget,
  self?: string,
): void {
  const vpc = cloud.get(Vpc, table.region, table.state.vpcId);
  if (contains(cidr(vpc.state.cidrBlock), cidr(destination))) {
    throw new AwsError(
      "InvalidParameterValue",
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
    );
  }
  const taken =
    table.state.routes.some(({ cidrBlock }) => cidrBlock === destination) ||
    cloud
      .all(Route, table.region)
      .some(
        ({ id, state }) => id !== self && state.routeTableId === table.id && state.destinationCidrBlock === destination,
      );
  if (taken) throw new AwsError("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
  assertTarget(cloud, table, target);
}

function assertTarget(cloud: Cloud, table: Resource<RouteTableState>, target: RouteTarget): void {
  const { region, state } = table;
  const belongsTo = (vpcIds: (string | undefined)[], noun: string, id: string) => {
    if (vpcIds.includes(state.vpcId)) return;
    const message = `route table ${table.id} and ${noun} ${id} belong to different networks`;
    throw new AwsError("InvalidParameterValue", message);
  };
  if (target.gatewayId) {
    const gateway = internetGatewayById(cloud, region, target.gatewayId);
    belongsTo([gateway.state.vpcId], "network gateway", gateway.id);
  } else if (target.natGatewayId) {
    const nat = natGatewayById(cloud, region, target.natGatewayId);
    belongsTo([subnetById(cloud, region, nat.state.subnetId).state.vpcId], "nat gateway", nat.id);
  } else if (target.vpcPeeringConnectionId) {
    const peering = peeringById(cloud, region, target.vpcPeeringConnectionId);
    belongsTo([peering.state.vpcId, peering.state.peerVpcId], "vpc peering connection", peering.id);
  }
}

/** The real provider's ids end in a number made from the destination. */
function hashOf(text: string): number {
  return createHash("sha1").update(text).digest().readUInt32BE(0);
}
