import { eip, natGateway } from "./ec2/nat.ts";
import { internetGateway, internetGatewayAttachment } from "./ec2/internet-gateway.ts";
import { launchTemplate } from "./ec2/launch-template.ts";
import { peering, peeringAccepter } from "./ec2/peering.ts";
import { mainRouteTableAssociation, routeTable, routeTableAssociation } from "./ec2/route-table.ts";
import { route } from "./ec2/route.ts";
import { egressRule, ingressRule, oldRule, securityGroup } from "./ec2/security-group.ts";
import { subnet } from "./ec2/subnet.ts";
import { vpc } from "./ec2/vpc.ts";
import { accessEntry, accessPolicyAssociation, podIdentityAssociation } from "./eks/access.ts";
import { addon } from "./eks/addon.ts";
import { cluster } from "./eks/cluster.ts";
import { nodeGroup } from "./eks/node-group.ts";
import { policy, role, rolePolicy, rolePolicyAttachment } from "./iam.ts";
import { healthCheck } from "./route53/health-check.ts";
import { record } from "./route53/record.ts";
import type { AnyResourceType } from "./resource.ts";

const ALL: AnyResourceType[] = [
  ...[vpc, subnet, internetGateway, internetGatewayAttachment, eip, natGateway],
  ...[routeTable, route, routeTableAssociation, mainRouteTableAssociation],
  ...[securityGroup, ingressRule, egressRule, oldRule, launchTemplate, peering, peeringAccepter],
  ...[role, policy, rolePolicyAttachment, rolePolicy],
  ...[record, healthCheck],
  ...[cluster, nodeGroup, addon, accessEntry, accessPolicyAssociation, podIdentityAssociation],
];

/** Every resource type of the local cloud, by the token under which programs register it. */
export const RESOURCE_TYPES: ReadonlyMap<string, AnyResourceType> = new Map(
  ALL.map((type) => [type.kind.token, type] as const),
);
