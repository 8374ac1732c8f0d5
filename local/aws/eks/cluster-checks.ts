import { cidr, contains, overlaps, parseCidr } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { groupById, subnetById } from "../ec2/find.ts";
import { Vpc } from "../ec2/kinds.ts";
import type { SubnetState, VpcState } from "../ec2/kinds.ts";
import { freeAddresses } from "../ec2/network-interface.ts";
import { policiesOf, roleByArn } from "../iam.ts";
import { trusts } from "../iam-policy.ts";
import { ZONES_WITHOUT_EKS, zonesOf } from "../regions.ts";
import type { Resource } from "../resource.ts";
import { Cluster } from "./kinds.ts";
import type { VpcConfig } from "./kinds.ts";

/** In standard or extended support in November 2026. https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html */
const VERSIONS = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"] as const;
export const LATEST_VERSION = "1.36";

/** EKS's "InvalidParameterException". */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

export function assertVersion(version: string): void {
  if (!(VERSIONS as readonly string[]).includes(version)) throw invalidParameter("unsupported Kubernetes version");
}

/** EKS goes up, one minor version at a time. */
export function assertUpgrade(from: string, to: string): void {
  if (from === to) return;
  assertVersion(to);
  if (Number(to.split(".")[1]) !== Number(from.split(".")[1]) + 1) {
    throw invalidParameter(`Unsupported Kubernetes minor version update from ${from} to ${to}`);
  }
}

export function assertNewName(cloud: Cloud, region: string, name: string): void {
  if (cloud.find(Cluster, region, name)) {
    throw new AwsError("ResourceInUseException", `Cluster already exists with name: ${name}`);
  }
}

const CLUSTER_POLICY = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";

/** EKS assumes the role at once, and looks whether it carries the policy. */
export function assertClusterRole(cloud: Cloud, roleArn: string): void {
  const role = roleByArn(cloud, roleArn);
  if (!role || !trusts(role.state.assumeRolePolicy, "eks.amazonaws.com")) {
    throw invalidParameter(
      `Role with arn: ${roleArn}, could not be assumed because it does not exist or the trusted entity is not correct`,
    );
  }
  if (!hasClusterPolicy(cloud, roleArn)) {
    throw invalidParameter(
      `The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following policy is attached: ${CLUSTER_POLICY}`,
    );
  }
}

export function hasClusterPolicy(cloud: Cloud, roleArn: string): boolean {
  const role = roleByArn(cloud, roleArn);
  return role !== undefined && policiesOf(cloud, role).includes(CLUSTER_POLICY);
}

/** The VPC of the subnets, when EKS would take them. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export function assertNetwork(cloud: Cloud, region: string, name: string, config: VpcConfig): Resource<VpcState> {
  const subnets = config.subnetIds.map((id) => eksSubnet(cloud, region, id));
  const [vpcId, ...others] = new Set(subnets.map(({ state }) => state.vpcId));
  if (vpcId === undefined || new Set(subnets.map(({ state }) => state.availabilityZone)).size < 2) {
    throw invalidParameter("Subnets specified must be in at least two different AZs");
  }
  if (others.length > 0) throw invalidParameter("Subnets specified must belong to the same VPC");
  assertZones(region, name, subnets);
  const full = subnets.find((subnet) => freeAddresses(cloud, subnet) < 6);
  if (full) throw invalidParameter(`Subnet ${full.id} must have at least 6 free IP addresses`);
  for (const id of config.securityGroupIds ?? []) {
    if (groupById(cloud, region, id).state.vpcId === vpcId) continue;
    throw invalidParameter(`Security group(s) [${id}] are not in the same VPC as the subnets.`);
  }
  return cloud.get(Vpc, region, vpcId);
}

/** Subnets as EKS looks them up for another service. */
export function eksSubnet(cloud: Cloud, region: string, id: string): Resource<SubnetState> {
  try {
    return subnetById(cloud, region, id);
  } catch (error) {
    throw invalidParameter(`${(error as Error).message} (Service: Ec2, Status Code: 400)`);
  }
}

function assertZones(region: string, name: string, subnets: Resource<SubnetState>[]): void {
  const wrong = subnets.find(({ state }) => ZONES_WITHOUT_EKS.includes(state.availabilityZoneId));
  if (!wrong) return;
  const good = zonesOf(region).filter(({ id }) => !ZONES_WITHOUT_EKS.includes(id));
  throw new AwsError(
    "UnsupportedAvailabilityZoneException",
    `Cannot create cluster '${name}' because EKS does not support creating control plane instances in ${wrong.state.availabilityZone}, the targeted availability zone. Retry cluster creation using control plane subnets that span at least two of these availability zones: ${good.map((zone) => zone.name).join(", ")}. Note, post cluster creation, you can run worker nodes in separate subnets/availability zones from control plane subnets/availability zones passed during cluster creation`,
  );
}

const PRIVATE_BLOCKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidr);

/** At least one endpoint; only public sources for the public one; a private one needs the VPC's DNS. */
export function assertEndpoint(config: Required<VpcConfig>, vpc: Resource<VpcState>): void {
  if (!config.endpointPublicAccess && !config.endpointPrivateAccess) {
    throw new AwsError("InvalidRequestException", "Private and public endpoint access cannot be false");
  }
  const refused = config.publicAccessCidrs.filter((text) => {
    const block = parseCidr(text);
    return !block || PRIVATE_BLOCKS.some((other) => contains(other, block));
  });
  if (refused.length > 0) {
    throw invalidParameter(`The following CIDRs are not allowed in publicAccessCidrs: [${refused.join(", ")}]`);
  }
  const { enableDnsHostnames, enableDnsSupport } = vpc.state;
  if (config.endpointPrivateAccess && !(enableDnsHostnames && enableDnsSupport)) {
    throw new AwsError(
      "InvalidRequestException",
      `Private endpoint access needs enableDnsHostnames and enableDnsSupport in ${vpc.id}`,
    );
  }
}

/** EKS's default avoids the VPC's own range; a chosen block is private, /12 to /24 and apart from the VPC. */
export function serviceCidr(vpc: Resource<VpcState>, wanted: string | undefined): string {
  const own = cidr(vpc.state.cidrBlock);
  if (wanted === undefined) return contains(cidr("10.0.0.0/8"), own) ? "172.20.0.0/16" : "10.100.0.0/16";
  const block = parseCidr(wanted);
  if (!block || block.prefix < 12 || block.prefix > 24 || !PRIVATE_BLOCKS.some((outer) => contains(outer, block))) {
    throw invalidParameter(
      `Invalid Service IPv4 CIDR ${wanted}: it must be a block of size /24 to /12 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`,
    );
  }
  if (overlaps(own, block)) {
    throw invalidParameter(`Service IPv4 CIDR ${wanted} overlaps with the VPC CIDR ${vpc.state.cidrBlock}`);
  }
  return wanted;
}
