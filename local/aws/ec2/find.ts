import type { Cloud } from "../cloud.ts";
import { AwsError, notFound } from "../errors.ts";
import type { Kind, Resource } from "../resource.ts";
import {
  Eip,
  InternetGateway,
  LaunchTemplate,
  MainRouteTableAssociation,
  NatGateway,
  Peering,
  RouteTable,
  RouteTableAssociation,
  SecurityGroup,
  Subnet,
  Vpc,
} from "./kinds.ts";
import type {
  EipState,
  InternetGatewayState,
  RouteTableState,
  SecurityGroupState,
  SubnetState,
  VpcState,
} from "./kinds.ts";
import type { LaunchTemplateState, NatGatewayState, PeeringState } from "./kinds.ts";

/** Look a reference up as EC2 does: within one region, with its own words when nothing is there. */
function finder<S>(kind: Kind<S>, code: string, noun: string) {
  return (cloud: Cloud, region: string, id: string): Resource<S> => {
    const found = cloud.find(kind, region, id);
    if (!found) throw notFound(code, noun, id);
    return found;
  };
}

export const vpcById = finder<VpcState>(Vpc, "InvalidVpcID", "vpc");
export const subnetById = finder<SubnetState>(Subnet, "InvalidSubnetID", "subnet");
export const routeTableById = finder<RouteTableState>(RouteTable, "InvalidRouteTableID", "routeTable");
export const internetGatewayById = finder<InternetGatewayState>(
  InternetGateway,
  "InvalidInternetGatewayID",
  "internetGateway",
);
export const natGatewayById = finder<NatGatewayState>(NatGateway, "InvalidNatGatewayID", "natGateway");
export const allocationById = finder<EipState>(Eip, "InvalidAllocationID", "allocation");

/** A peering is one record that both of its regions know. */
export function peeringById(cloud: Cloud, region: string, id: string): Resource<PeeringState> {
  const found = cloud.all(Peering).find((peering) => peering.id === id);
  if (!found || ![found.region, found.state.peerRegion].includes(region)) {
    throw notFound("InvalidVpcPeeringConnectionID", "vpcPeeringConnection", id);
  }
  return found;
}

export function groupById(cloud: Cloud, region: string, id: string): Resource<SecurityGroupState> {
  const found = cloud.find(SecurityGroup, region, id);
  if (!found) throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  return found;
}

export function launchTemplateById(cloud: Cloud, region: string, id: string): Resource<LaunchTemplateState> {
  const found = cloud.find(LaunchTemplate, region, id);
  if (!found) {
    const message = `The specified launch template, with template ID ${id}, does not exist.`;
    throw new AwsError("InvalidLaunchTemplateId.NotFound", message);
  }
  return found;
}

export function subnetsOf(cloud: Cloud, vpcId: string): Resource<SubnetState>[] {
  return cloud.all(Subnet).filter(({ state }) => state.vpcId === vpcId);
}

export function mainRouteTableId(cloud: Cloud, vpc: Resource<VpcState>): string {
  const replaced = cloud.all(MainRouteTableAssociation, vpc.region).find(({ state }) => state.vpcId === vpc.id);
  return replaced?.state.routeTableId ?? vpc.state.mainRouteTableId;
}

/** The table that rules a subnet: its own, else the VPC's main one. */
export function routeTableOf(cloud: Cloud, subnet: Resource<SubnetState>): Resource<RouteTableState> {
  const own = cloud.all(RouteTableAssociation, subnet.region).find(({ state }) => state.subnetId === subnet.id);
  const vpc = cloud.get(Vpc, subnet.region, subnet.state.vpcId);
  return cloud.get(RouteTable, subnet.region, own?.state.routeTableId ?? mainRouteTableId(cloud, vpc));
}

/** The gateway that a VPC has, if any. */
export function attachedGateway(cloud: Cloud, vpcId: string): Resource<InternetGatewayState> | undefined {
  return cloud.all(InternetGateway).find(({ state }) => state.vpcId === vpcId);
}

/** Where a peering leads from one of its two VPCs, when it is accepted. */
export function otherEnd(peering: Resource<PeeringState>, vpcId: string): string | undefined {
  if (peering.state.acceptStatus !== "active") return undefined;
  if (peering.state.vpcId === vpcId) return peering.state.peerVpcId;
  return peering.state.peerVpcId === vpcId ? peering.state.vpcId : undefined;
}
