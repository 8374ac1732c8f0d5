import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { zonesWithoutEks } from "../topology/regions.ts";
import type { NetworkPlan, SubnetPlan } from "../topology/types.ts";
import { runError } from "./run-error.ts";
import type { Dependencies } from "./in-cluster.ts";
import type { Tags } from "./tags.ts";

export interface NetworkArgs {
  readonly plan: NetworkPlan;
  readonly tags: Tags;
}

/**
 * One VPC with a public subnet per zone: one network of Istio's
 * [network models](https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models) on its own, where
 * pods reach each other directly.
 *
 * Creates: VPC, internet gateway, a subnet per zone, a route table with the way to the internet; where asked, private
 * subnets with a route table of their own, and one NAT gateway with an Elastic IP.
 * Cost: nothing per hour by itself; each node's and load balancer's public address costs $0.005, a NAT gateway $0.045
 * and its address $0.005, and each GB through it $0.045.
 * Defaults: nodes get public addresses, which the cluster's security group closes to everyone outside; no NAT gateway.
 * Leaves out: peering with other VPCs, which `NetworkLink` makes; a NAT gateway in each zone, flow logs, IPv6.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** Empty where no private subnets were asked for. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** All that a subnet is ruled by, with the tier of these subnets. */
  readonly routeTables: readonly { readonly key: string; readonly id: pulumi.Output<string> }[];
  readonly #natAddress: pulumi.Output<string> | undefined;
  /** What a node needs before it can reach anything, and as long as it lives: routes and their associations. */
  readonly connected: Dependencies;

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
    const zones = zoneNames(this);
    const open = createTier(name, "public", { plan, vpc, zones, tags }, options);
    const internet = new aws.ec2.Route(
      `${name}-internet`,
      { routeTableId: open.table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      options,
    );
    const closed = isTiered(plan) ? createTier(name, "private", { plan, vpc, zones, tags }, options) : undefined;
    const tiers = closed === undefined ? [open] : [open, closed];
    const after = [internet, ...open.associations];
    const nat =
      closed !== undefined && plan.nat
        ? createNat(name, { open, closed, after, tags: named("nat") }, options)
        : undefined;

    this.vpcId = vpc.id;
    this.cidr = plan.cidr;
    this.publicSubnetIds = open.subnets.map(({ id }) => id);
    this.privateSubnetIds = closed?.subnets.map(({ id }) => id) ?? [];
    this.routeTables = tiers.map(({ key, table }) => ({ key, id: table.id }));
    this.#natAddress = nat?.address;
    this.connected = [
      internet,
      ...tiers.flatMap(({ associations }) => associations),
      ...(nat === undefined ? [] : [nat.route]),
    ];
    this.registerOutputs({ vpcId: this.vpcId, publicSubnetIds: this.publicSubnetIds });
  }

  /** The block, of one address, that the world sees calls of private nodes come from. */
  get natBlock(): pulumi.Output<string> {
    if (this.#natAddress === undefined) throw new Error("A network without a NAT gateway has no address of its own.");
    return pulumi.interpolate`${this.#natAddress}/32`;
  }
}

/** Names of the region's zones that EKS can use and that need no opting in. */
function zoneNames(parent: pulumi.Resource): pulumi.Output<string[]> {
  return aws.getAvailabilityZonesOutput(
    {
      state: "available",
      excludeZoneIds: [...zonesWithoutEks],
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    },
    { parent },
  ).names;
}

const isTiered = (plan: NetworkPlan): boolean => plan.subnets.some(({ tier }) => tier === "private");

interface TierArgs {
  readonly plan: NetworkPlan;
  readonly vpc: aws.ec2.Vpc;
  readonly zones: pulumi.Output<string[]>;
  readonly tags: Tags;
}

/** A route table and the subnets that it rules. */
interface Tier {
  readonly key: SubnetPlan["tier"];
  readonly table: aws.ec2.RouteTable;
  readonly subnets: readonly aws.ec2.Subnet[];
  readonly associations: Dependencies;
}

function createTier(
  name: string,
  key: Tier["key"],
  { plan, vpc, zones, tags }: TierArgs,
  options: pulumi.CustomResourceOptions,
): Tier {
  const tableTags = { ...tags, Name: `${name}-${key}` };
  const table = new aws.ec2.RouteTable(`${name}-${key}`, { vpcId: vpc.id, tags: tableTags }, options);
  const made = plan.subnets
    .filter(({ tier }) => tier === key)
    .map((subnet) => {
      const subnetName = `${name}-${subnet.key}`;
      const subnetTags = { ...tags, ...loadBalancerRoles(plan, key), Name: subnetName };
      const resource = createSubnet(subnetName, { subnet, vpc, zones, tags: subnetTags }, options);
      const ids = { routeTableId: table.id, subnetId: resource.id };
      return { resource, association: new aws.ec2.RouteTableAssociation(subnetName, ids, options) };
    });
  return {
    key,
    table,
    subnets: made.map(({ resource }) => resource),
    associations: made.map(({ association }) => association),
  };
}

/**
 * Tags by which the AWS Load Balancer Controller finds subnets for internet-facing and for internal load balancers.
 * Each role has one tier, because of two subnets in a zone the controller takes the one with the lower id.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/
 */
function loadBalancerRoles(plan: NetworkPlan, key: Tier["key"]): Tags {
  const facing = { "kubernetes.io/role/elb": "1" };
  const internal = { "kubernetes.io/role/internal-elb": "1" };
  if (key === "private") return internal;
  return isTiered(plan) ? facing : { ...facing, ...internal };
}

function createSubnet(
  name: string,
  { subnet, vpc, zones, tags }: Omit<TierArgs, "plan"> & { readonly subnet: SubnetPlan },
  options: pulumi.CustomResourceOptions,
): aws.ec2.Subnet {
  return new aws.ec2.Subnet(
    name,
    {
      vpcId: vpc.id,
      cidrBlock: subnet.cidr,
      availabilityZone: zones.apply((names) => zoneAt(names, subnet.zone)),
      // Without a public address a node in a public subnet reaches nothing, and EKS refuses the node group.
      mapPublicIpOnLaunch: subnet.tier === "public",
      tags,
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

interface NatArgs {
  readonly open: Tier;
  readonly closed: Tier;
  /** The NAT gateway's own way to the internet. */
  readonly after: Dependencies;
  readonly tags: Tags;
}

/** One NAT gateway for all zones: another would cost as much as half a node, and a lab may lose a zone. */
function createNat(
  name: string,
  { open, closed, after, tags }: NatArgs,
  options: pulumi.CustomResourceOptions,
): { address: pulumi.Output<string>; route: pulumi.Resource } {
  const dependsOn = [...after];
  const address = new aws.ec2.Eip(`${name}-nat`, { domain: "vpc", tags }, { ...options, dependsOn });
  const gateway = new aws.ec2.NatGateway(
    `${name}-nat`,
    { allocationId: address.id, subnetId: open.subnets[0]?.id, tags },
    { ...options, dependsOn },
  );
  const route = new aws.ec2.Route(
    `${name}-nat`,
    { routeTableId: closed.table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
    options,
  );
  return { address: address.publicIp, route };
}
