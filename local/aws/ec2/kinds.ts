import { kind } from "../resource.ts";
import type { Tags } from "../resource.ts";

/** What EC2 resources look like once they exist. Optional inputs that were left out stay absent. */

interface Tagged {
  tags?: Tags;
  tagsAll: Tags;
  region: string;
}

export interface VpcState extends Tagged {
  arn: string;
  cidrBlock: string;
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  defaultSecurityGroupId: string;
  mainRouteTableId: string;
}
export const Vpc = kind<VpcState>("aws:ec2/vpc:Vpc");

export interface SubnetState extends Tagged {
  arn: string;
  vpcId: string;
  cidrBlock: string;
  availabilityZone: string;
  availabilityZoneId: string;
  mapPublicIpOnLaunch: boolean;
}
export const Subnet = kind<SubnetState>("aws:ec2/subnet:Subnet");

export interface InternetGatewayState extends Tagged {
  arn: string;
  vpcId?: string;
}
export const InternetGateway = kind<InternetGatewayState>("aws:ec2/internetGateway:InternetGateway");

export interface EipState extends Tagged {
  arn: string;
  allocationId: string;
  publicIp: string;
  associationId?: string;
  networkInterface?: string;
}
export const Eip = kind<EipState>("aws:ec2/eip:Eip");

export interface NatGatewayState extends Tagged {
  allocationId?: string;
  connectivityType: "public" | "private";
  subnetId: string;
  networkInterfaceId: string;
  privateIp: string;
  publicIp?: string;
}
export const NatGateway = kind<NatGatewayState>("aws:ec2/natGateway:NatGateway");

/** Where a route leads: exactly one of the ids. */
export interface RouteTarget {
  gatewayId?: string;
  natGatewayId?: string;
  vpcPeeringConnectionId?: string;
}

/** `routes` are those given inside the table; separate Route resources are records of their own. */
export interface RouteTableState extends Tagged {
  arn: string;
  vpcId: string;
  routes: (RouteTarget & { cidrBlock: string })[];
}
export const RouteTable = kind<RouteTableState>("aws:ec2/routeTable:RouteTable");

export interface RouteState extends RouteTarget {
  routeTableId: string;
  destinationCidrBlock: string;
  region: string;
}
export const Route = kind<RouteState>("aws:ec2/route:Route");

export interface RouteTableAssociationState {
  routeTableId: string;
  subnetId: string;
  region: string;
}
export const RouteTableAssociation = kind<RouteTableAssociationState>(
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
);

export interface MainRouteTableAssociationState {
  routeTableId: string;
  vpcId: string;
  originalRouteTableId: string;
  region: string;
}
export const MainRouteTableAssociation = kind<MainRouteTableAssociationState>(
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
);

/** A rule inside a group, as the program writes it. */
export interface InlineRule {
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrBlocks?: string[];
  securityGroups?: string[];
  self?: boolean;
  description?: string;
}

export interface SecurityGroupState extends Tagged {
  arn: string;
  name: string;
  description: string;
  vpcId: string;
  ingress: InlineRule[];
  egress: InlineRule[];
}
export const SecurityGroup = kind<SecurityGroupState>("aws:ec2/securityGroup:SecurityGroup");

/** A rule of its own: vpc.SecurityGroupIngressRule, vpc.SecurityGroupEgressRule. */
export interface GroupRuleState {
  securityGroupId: string;
  ipProtocol: string;
  fromPort?: number;
  toPort?: number;
  cidrIpv4?: string;
  referencedSecurityGroupId?: string;
  description?: string;
  region: string;
}
export const IngressRule = kind<GroupRuleState>("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
export const EgressRule = kind<GroupRuleState>("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");

/** The older ec2.SecurityGroupRule. */
export interface OldRuleState {
  type: "ingress" | "egress";
  securityGroupId: string;
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrBlocks?: string[];
  sourceSecurityGroupId?: string;
  self?: boolean;
  region: string;
}
export const OldRule = kind<OldRuleState>("aws:ec2/securityGroupRule:SecurityGroupRule");

export interface LaunchTemplateState extends Tagged {
  arn: string;
  name: string;
  latestVersion: number;
  defaultVersion: number;
  vpcSecurityGroupIds?: string[];
}
export const LaunchTemplate = kind<LaunchTemplateState>("aws:ec2/launchTemplate:LaunchTemplate");

export interface PeeringState extends Tagged {
  vpcId: string;
  peerVpcId: string;
  peerRegion: string;
  acceptStatus: "pending-acceptance" | "active";
}
export const Peering = kind<PeeringState>("aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
