import { within } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { launchTemplateById } from "../ec2/find.ts";
import { LaunchTemplate, Vpc } from "../ec2/kinds.ts";
import type { LaunchTemplateState, SubnetState } from "../ec2/kinds.ts";
import { internetEgress } from "../ec2/routes.ts";
import { policiesOf, roleByArn } from "../iam.ts";
import { trusts } from "../iam-policy.ts";
import type { Resource } from "../resource.ts";
import { eksSubnet, invalidParameter } from "./cluster-checks.ts";
import { Addon } from "./kinds.ts";
import type { ClusterState, NodeGroupState } from "./kinds.ts";
import type { NodeGroupInputs } from "./node-group.ts";

const POLICY = "arn:aws:iam::aws:policy/";
const WORKER = ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"];
const REGISTRY = ["AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly"];

/** Who the nodes are. https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
export function assertNodeRole(cloud: Cloud, cluster: Resource<ClusterState>, roleArn: string): void {
  const role = roleByArn(cloud, roleArn);
  if (!role) throw invalidParameter(`The role with name ${roleArn.split("/").at(-1) ?? roleArn} cannot be found.`);
  if (!trusts(role.state.assumeRolePolicy, "ec2.amazonaws.com")) {
    throw invalidParameter(
      `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${roleArn}`,
    );
  }
  const attached = policiesOf(cloud, role);
  const missing = [WORKER, REGISTRY].filter((names) => !names.some((name) => attached.includes(POLICY + name)));
  if (missing.length > 0) {
    throw invalidParameter(
      `The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following policies [${missing.map(([name]) => POLICY + (name ?? "")).join(", ")}] are attached`,
    );
  }
  const cni = cloud.find(Addon, cluster.region, `${cluster.id}:vpc-cni`) as
    Resource<{ serviceAccountRoleArn?: string }> | undefined;
  if (!attached.includes(`${POLICY}AmazonEKS_CNI_Policy`) && !cni?.state.serviceAccountRoleArn) {
    throw failed(
      "NodeCreationFailure",
      "Unhealthy nodes in the kubernetes cluster: the VPC CNI has no permission to attach addresses, because the node role lacks AmazonEKS_CNI_Policy",
    );
  }
}

/** Arm instances need an Arm image, and one group has one architecture. */
export function assertInstances(inputs: NodeGroupInputs): Pick<NodeGroupState, "amiType" | "instanceTypes"> {
  const instanceTypes = inputs.instanceTypes?.length ? inputs.instanceTypes : ["t3.medium"];
  const amiType = inputs.amiType ?? "AL2023_x86_64_STANDARD";
  const unknown = instanceTypes.filter(
    (type) => !/^[a-z]+\d+[a-z-]*\.(nano|micro|small|medium|large|\d*xlarge|metal.*)$/.test(type),
  );
  if (unknown.length > 0)
    throw invalidParameter(`The following supplied instance types do not exist: [${unknown.join(", ")}]`);
  const wrong = instanceTypes.filter((type) => isArm(type) !== amiType.includes("ARM_64"));
  if (wrong.length > 0) {
    throw invalidParameter(`[${wrong.join(", ")}] is not a valid instance type for requested amiType ${amiType}`);
  }
  return { amiType, instanceTypes };
}

/** Graviton families carry a g after their generation: t4g, m7gd, c7gn. */
function isArm(instanceType: string): boolean {
  return /^([a-z]+\d+g[a-z]*|a1)\./.test(instanceType);
}

export function assertScaling({ minSize, desiredSize, maxSize }: NodeGroupState["scalingConfig"]): void {
  if (maxSize < 1) throw invalidParameter("Maximum size should be greater than or equal to 1");
  if (minSize > desiredSize) {
    throw invalidParameter(`Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`);
  }
  if (desiredSize > maxSize) {
    throw invalidParameter(`desired capacity ${desiredSize} can't be greater than max size ${maxSize}`);
  }
}

/** The launch template and its version, when one is named. */
export function assertTemplate(
  cloud: Cloud,
  region: string,
  wanted: NodeGroupState["launchTemplate"],
): Resource<LaunchTemplateState> | undefined {
  if (!wanted) return undefined;
  const byName = cloud.all(LaunchTemplate, region).find(({ state }) => state.name === wanted.name);
  const template = byName ?? launchTemplateById(cloud, region, wanted.id ?? "");
  const version = Number(wanted.version.replace("$Latest", "1").replace("$Default", "1"));
  if (!(version >= 1 && version <= template.state.latestVersion)) {
    throw invalidParameter(`The specified launch template version ${wanted.version} does not exist.`);
  }
  return template;
}

/** Subnets of the cluster's VPC; one that leads to the internet gateway has to give out public addresses. */
export function assertNodeSubnets(
  cloud: Cloud,
  cluster: Resource<ClusterState>,
  name: string,
  subnetIds: string[],
): Resource<SubnetState>[] {
  const subnets = subnetIds.map((id) => eksSubnet(cloud, cluster.region, id));
  const foreign = subnets.filter(({ state }) => state.vpcId !== cluster.state.vpcConfig.vpcId);
  if (foreign.length > 0 || subnets.length === 0) {
    throw invalidParameter(`Subnets [${foreign.map(({ id }) => id).join(", ")}] are not in the VPC of the cluster`);
  }
  const closed = subnets.filter(
    (subnet) => internetEgress(cloud, subnet)?.kind === "internet-gateway" && !subnet.state.mapPublicIpOnLaunch,
  );
  if (closed.length > 0) {
    throw failed(
      "Ec2SubnetInvalidConfiguration",
      `One or more Amazon EC2 Subnets of [${closed.map(({ id }) => id).join(", ")}] for node group ${name} does not automatically assign public IP addresses to instances launched into it. If you want your instances to be assigned a public IP address, then you need to enable auto-assign public IP address for the subnet. See IP addressing in VPC guide: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#subnet-public-ip`,
    );
  }
  return subnets;
}

/** Nodes have to reach the registry and the API endpoint before they can join; EKS notices after some 20 minutes. */
export function assertJoin(
  cloud: Cloud,
  { state, region }: Resource<ClusterState>,
  subnets: Resource<SubnetState>[],
): void {
  const { endpointPrivateAccess, publicAccessCidrs, vpcId } = state.vpcConfig;
  const why = (reason: string) =>
    failed("NodeCreationFailure", `Instances failed to join the kubernetes cluster: ${reason}`);
  if (!cloud.get(Vpc, region, vpcId).state.enableDnsSupport) throw why(`${vpcId} has no DNS support`);
  for (const subnet of subnets) {
    const egress = internetEgress(cloud, subnet);
    if (!egress) throw why(`${subnet.id} has no route to the internet`);
    if (endpointPrivateAccess || publicAccessCidrs.includes("0.0.0.0/0")) continue;
    // The public address of a node is not known in advance, the one of a NAT gateway is.
    if (egress.kind !== "nat-gateway" || !within(egress.publicIp, publicAccessCidrs)) {
      throw why(`the endpoint has no private access and its publicAccessCidrs do not hold the nodes of ${subnet.id}`);
    }
  }
}

function failed(code: string, message: string): AwsError {
  return new AwsError(code, message);
}
