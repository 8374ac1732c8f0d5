import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID, ec2Arn } from "../cloud.ts";
import { AwsError, dependencyViolation } from "../errors.ts";
import type { Resource, ResourceType } from "../resource.ts";
import { checkNetworkBlock } from "./cidr-check.ts";
import { attachedGateway, subnetsOf } from "./find.ts";
import { RouteTable, SecurityGroup, Vpc } from "./kinds.ts";
import type { VpcState } from "./kinds.ts";
import { NetworkInterface } from "./network-interface.ts";

/** Five per region, one of which is the default VPC. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const OWN_VPCS_PER_REGION = 4;

type VpcInputs = Omit<VpcState, "arn" | "defaultSecurityGroupId" | "mainRouteTableId" | "enableDnsHostnames"> & {
  enableDnsHostnames?: boolean;
};

export const vpc: ResourceType<VpcInputs, VpcState> = {
  kind: Vpc,
  replaceOn: ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength", "region"],
  computed: ["cidrBlock", "enableDnsHostnames"],
  defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  words: { instanceTenancy: ["default", "dedicated"] },
  check(inputs, refuse) {
    checkNetworkBlock(inputs, refuse);
    if (inputs["cidrBlock"] === undefined)
      refuse("cidrBlock", "one of `cidr_block,ipv4_ipam_pool_id` must be specified");
  },
  create(cloud, inputs, { region }) {
    if (cloud.all(Vpc, region).length >= OWN_VPCS_PER_REGION) {
      throw new AwsError("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
    }
    const id = cloud.newId("vpc");
    const mainRouteTableId = addMainRouteTable(cloud, id, region);
    const state = {
      assignGeneratedIpv6CidrBlock: false,
      enableNetworkAddressUsageMetrics: false,
      enableDnsHostnames: false,
      ...inputs,
      arn: ec2Arn(region, `vpc/${id}`),
      defaultNetworkAclId: cloud.newId("acl"),
      defaultRouteTableId: mainRouteTableId,
      defaultSecurityGroupId: addDefaultGroup(cloud, id, region),
      dhcpOptionsId: cloud.newId("dopt"),
      mainRouteTableId,
      ownerId: ACCOUNT_ID,
    };
    return cloud.add(Vpc, { id, region, state });
  },
  delete(cloud, resource) {
    if (blockers(cloud, resource).length > 0) throw dependencyViolation("vpc", resource.id);
    for (const made of madeWith(cloud, resource)) cloud.remove(made);
  },
};

/** Everything that has to go before the VPC can. */
function blockers(cloud: Cloud, { id, region }: Resource<VpcState>): Resource<unknown>[] {
  const gateway = attachedGateway(cloud, id);
  const inVpc = ({ state, madeBy }: Resource<{ vpcId: string }>) => state.vpcId === id && madeBy !== "vpc";
  return [
    ...subnetsOf(cloud, id),
    ...(gateway ? [gateway] : []),
    ...cloud.all(SecurityGroup, region).filter(inVpc),
    ...cloud.all(RouteTable, region).filter(inVpc),
    ...cloud.all(NetworkInterface, region).filter(inVpc),
  ];
}

function madeWith(cloud: Cloud, { id, region }: Resource<VpcState>): Resource<unknown>[] {
  const own = ({ state, madeBy }: Resource<{ vpcId: string }>) => state.vpcId === id && madeBy === "vpc";
  return [...cloud.all(SecurityGroup, region).filter(own), ...cloud.all(RouteTable, region).filter(own)];
}

function addMainRouteTable(cloud: Cloud, vpcId: string, region: string): string {
  const id = cloud.newId("rtb");
  const arn = ec2Arn(region, `route-table/${id}`);
  cloud.add(RouteTable, { id, region, madeBy: "vpc", state: { arn, vpcId, routes: [], tagsAll: {}, region } });
  return id;
}

/** The default group lets its members talk to each other and to everybody. */
function addDefaultGroup(cloud: Cloud, vpcId: string, region: string): string {
  const id = cloud.newId("sg");
  const everything = { protocol: "-1", fromPort: 0, toPort: 0 };
  cloud.add(SecurityGroup, {
    id,
    region,
    madeBy: "vpc",
    state: {
      arn: ec2Arn(region, `security-group/${id}`),
      name: "default",
      description: "default VPC security group",
      vpcId,
      ingress: [{ ...everything, self: true }],
      egress: [{ ...everything, cidrBlocks: ["0.0.0.0/0"] }],
      tagsAll: {},
      region,
    },
  });
  return id;
}
