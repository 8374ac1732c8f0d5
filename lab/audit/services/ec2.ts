/** What EC2 has in a region. What goes with something else by itself is left out. */
import {
  DescribeAddressesCommand,
  type EC2Client,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeLaunchTemplates,
  paginateDescribeNatGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  type Tag,
} from "@aws-sdk/client-ec2";
import type { Kind, Resource } from "../resource.ts";
import { all, inVpc, tagsOf } from "./tags.ts";

const resource = (kind: Kind, region: string, id = "", tags: readonly Tag[] = [], vpcId?: string): Resource => {
  const { Name: name, ...rest } = tagsOf(tags);
  return { kind, id, region, ...(name === undefined ? {} : { name }), ...inVpc(vpcId), tags: rest };
};

export async function networks(client: EC2Client, region: string): Promise<Resource[]> {
  const [vpcs, subnets, tables, acls, groups, gateways, nats, peerings] = await Promise.all([
    all(paginateDescribeVpcs({ client }, {}), (page) => page.Vpcs),
    all(paginateDescribeSubnets({ client }, {}), (page) => page.Subnets),
    all(paginateDescribeRouteTables({ client }, {}), (page) => page.RouteTables),
    all(paginateDescribeNetworkAcls({ client }, {}), (page) => page.NetworkAcls),
    all(paginateDescribeSecurityGroups({ client }, {}), (page) => page.SecurityGroups),
    all(paginateDescribeInternetGateways({ client }, {}), (page) => page.InternetGateways),
    all(paginateDescribeNatGateways({ client }, {}), (page) => page.NatGateways),
    all(paginateDescribeVpcPeeringConnections({ client }, {}), (page) => page.VpcPeeringConnections),
  ]);
  // The main table, the default ACL and the group called `default` go with their VPC, and nobody can remove them before.
  const ownTables = tables.filter(({ Associations = [] }) => !Associations.some(({ Main }) => Main === true));
  const ownAcls = acls.filter(({ IsDefault }) => IsDefault !== true);
  const ownGroups = groups.filter(({ GroupName }) => GroupName !== "default");
  // These are listed for an hour after they are gone.
  const liveNats = nats.filter(({ State }) => State !== "deleted");
  const livePeerings = peerings.filter(
    ({ Status }) => !["deleted", "deleting", "rejected", "expired", "failed"].includes(Status?.Code ?? ""),
  );
  return [
    ...vpcs.map((it) => resource("VPC", region, it.VpcId, it.Tags)),
    ...subnets.map((it) => resource("subnet", region, it.SubnetId, it.Tags, it.VpcId)),
    ...ownTables.map((it) => resource("route table", region, it.RouteTableId, it.Tags, it.VpcId)),
    ...ownAcls.map((it) => resource("network ACL", region, it.NetworkAclId, it.Tags, it.VpcId)),
    ...ownGroups.map((it) => resource("security group", region, it.GroupId, it.Tags, it.VpcId)),
    ...gateways.map((it) =>
      resource("internet gateway", region, it.InternetGatewayId, it.Tags, it.Attachments?.[0]?.VpcId),
    ),
    ...liveNats.map((it) => resource("NAT gateway", region, it.NatGatewayId, it.Tags, it.VpcId)),
    ...livePeerings.map((it) => resource("VPC peering", region, it.VpcPeeringConnectionId, it.Tags)),
  ];
}

export async function interfaces(client: EC2Client, region: string): Promise<Resource[]> {
  const found = await all(paginateDescribeNetworkInterfaces({ client }, {}), (page) => page.NetworkInterfaces);
  return found.map((it) => resource("network interface", region, it.NetworkInterfaceId, it.TagSet, it.VpcId));
}

export async function instances(client: EC2Client, region: string): Promise<Resource[]> {
  const reservations = await all(paginateDescribeInstances({ client }, {}), (page) => page.Reservations);
  return reservations
    .flatMap(({ Instances = [] }) => Instances)
    .filter(({ State }) => State?.Name !== "terminated")
    .map((it) => resource("instance", region, it.InstanceId, it.Tags, it.VpcId));
}

export async function volumes(client: EC2Client, region: string): Promise<Resource[]> {
  const found = await all(paginateDescribeVolumes({ client }, {}), (page) => page.Volumes);
  return found.map((it) => resource("volume", region, it.VolumeId, it.Tags));
}

export async function addresses(client: EC2Client, region: string): Promise<Resource[]> {
  const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
  return Addresses.map((it) => resource("Elastic IP", region, it.AllocationId, it.Tags));
}

export async function templates(client: EC2Client, region: string): Promise<Resource[]> {
  const found = await all(paginateDescribeLaunchTemplates({ client }, {}), (page) => page.LaunchTemplates);
  return found.map((it) => resource("launch template", region, it.LaunchTemplateId, it.Tags));
}
