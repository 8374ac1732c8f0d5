import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan, SubnetPlan } from "../topology/types.ts";
import { runError } from "./run-error.ts";
import type { Tags } from "./tags.ts";

export interface NetworkArgs {
  readonly plan: NetworkPlan;
  readonly tags: Tags;
}

/**
 * Zones whose control planes EKS cannot reach, by id, because the name of a zone differs per account.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const zonesWithoutEks = ["use1-az3", "usw1-az2", "cac1-az3"];

/**
 * One VPC with a public subnet per zone: one network of Istio's
 * [network models](https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models) on its own, where
 * pods reach each other directly.
 *
 * Creates: VPC, internet gateway, a subnet per zone, one route table with the way to the internet.
 * Cost: nothing per hour by itself; each node's and load balancer's public address costs $0.005.
 * Defaults: nodes get public addresses, which the cluster's security group closes to everyone outside; no NAT gateway.
 * Leaves out: private subnets, peering with other VPCs, flow logs, IPv6.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** What a node needs before it can reach anything, and as long as it lives: routes and their associations. */
  readonly connected: readonly pulumi.Resource[];

  constructor(name: string, { plan, tags }: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:aws:Network", name, {}, opts);
    const options = { parent: this };
    const named = (suffix: string): Tags => ({ ...tags, Name: `${name}-${suffix}` });

    // Names of nodes, and of the API server inside its VPC, come from the VPC's own DNS.
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: plan.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: named("vpc") },
      options,
    );
    const gateway = new aws.ec2.InternetGateway(`${name}-igw`, { vpcId: vpc.id, tags: named("igw") }, options);
    const table = new aws.ec2.RouteTable(`${name}-public`, { vpcId: vpc.id, tags: named("public") }, options);
    const route = new aws.ec2.Route(
      `${name}-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      options,
    );
    const zones = zoneNames(this);
    const subnets = plan.subnets.map((subnet) => ({
      key: subnet.key,
      subnet: publicSubnet(`${name}-${subnet.key}`, { subnet, vpc, zones, tags: named(subnet.key) }, options),
    }));
    const associations = subnets.map(
      ({ key, subnet }) =>
        new aws.ec2.RouteTableAssociation(`${name}-${key}`, { routeTableId: table.id, subnetId: subnet.id }, options),
    );

    this.vpcId = vpc.id;
    this.publicSubnetIds = subnets.map(({ subnet }) => subnet.id);
    this.connected = [route, ...associations];
    this.registerOutputs({ vpcId: this.vpcId, publicSubnetIds: this.publicSubnetIds });
  }
}

/** Names of the region's zones that EKS can use and that need no opting in. */
function zoneNames(parent: pulumi.Resource): pulumi.Output<string[]> {
  return aws.getAvailabilityZonesOutput(
    {
      state: "available",
      excludeZoneIds: zonesWithoutEks,
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    },
    { parent },
  ).names;
}

interface PublicSubnet {
  readonly subnet: SubnetPlan;
  readonly vpc: aws.ec2.Vpc;
  readonly zones: pulumi.Output<string[]>;
  readonly tags: Tags;
}

function publicSubnet(
  name: string,
  { subnet, vpc, zones, tags }: PublicSubnet,
  options: pulumi.CustomResourceOptions,
): aws.ec2.Subnet {
  return new aws.ec2.Subnet(
    name,
    {
      vpcId: vpc.id,
      cidrBlock: subnet.cidr,
      availabilityZone: zones.apply((names) => zoneAt(names, subnet.zone)),
      // Without a public address a node in a public subnet reaches nothing, and EKS refuses the node group.
      mapPublicIpOnLaunch: true,
      // By these the AWS Load Balancer Controller finds subnets for internet-facing and internal load balancers.
      tags: { ...tags, "kubernetes.io/role/elb": "1", "kubernetes.io/role/internal-elb": "1" },
    },
    // A zone that AWS opens later would move the others in the list, and so replace running subnets.
    { ...options, ignoreChanges: ["availabilityZone"] },
  );
}

function zoneAt(names: readonly string[], index: number): string {
  const name = names[index];
  if (name === undefined) {
    throw runError(
      `The region offers ${String(names.length)} availability zones that EKS can use (${names.join(", ")}), ` +
        `but the lab needs ${String(index + 1)}. Lower \`zones\` of the cluster or choose another \`region\`.`,
    );
  }
  return name;
}
