import type { Cloud } from "../cloud.ts";
import { ec2Arn, randomHex } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { SecurityGroup, Subnet } from "../ec2/kinds.ts";
import { NetworkInterface, ServiceAddress, addInterface } from "../ec2/network-interface.ts";
import { deleteGroup } from "../ec2/security-group.ts";
import type { Kind, Resource } from "../resource.ts";
import { hasClusterPolicy } from "./cluster-checks.ts";
import { AccessEntryKind, AccessPolicyAssociation, Addon, ControlPlane, PodIdentityAssociation } from "./kinds.ts";
import type { ClusterState } from "./kinds.ts";

/** Control planes have two interfaces, in two zones. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const CONTROL_PLANE_INTERFACES = 2;

/** Ingress of everything from its own members, egress to everywhere. */
export function addClusterGroup(cloud: Cloud, region: string, name: string, vpcId: string): string {
  const id = cloud.newId("sg");
  const everything = { protocol: "-1", fromPort: 0, toPort: 0 };
  const groupName = `eks-cluster-sg-${name}-${Number.parseInt(randomHex(8), 16)}`;
  const tags = { Name: groupName, "aws:eks:cluster-name": name, [`kubernetes.io/cluster/${name}`]: "owned" };
  cloud.add(SecurityGroup, {
    id,
    region,
    madeBy: "eks",
    state: {
      arn: ec2Arn(region, `security-group/${id}`),
      name: groupName,
      description:
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
      vpcId,
      ingress: [{ ...everything, self: true }],
      egress: [{ ...everything, cidrBlocks: ["0.0.0.0/0"] }],
      tags,
      tagsAll: tags,
      region,
    },
  });
  return id;
}

/** Interfaces in the first subnets that lie in different zones, with the cluster's groups. */
export function moveInterfaces(cloud: Cloud, { region, state }: Resource<ClusterState>): void {
  const { subnetIds, clusterSecurityGroupId, securityGroupIds: chosen } = state.vpcConfig;
  const securityGroupIds = [clusterSecurityGroupId, ...chosen];
  const plane = cloud.get(ControlPlane, region, state.name);
  const present = plane.state.networkInterfaceIds.map((id) => cloud.get(NetworkInterface, region, id));
  const kept = present.filter((eni) => subnetIds.includes(eni.state.subnetId));
  for (const eni of present) if (!kept.includes(eni)) cloud.remove(eni);
  for (const subnet of subnetIds.map((id) => cloud.get(Subnet, region, id))) {
    const zoneTaken = kept.some((eni) => eni.state.zone === subnet.state.availabilityZone);
    if (zoneTaken || kept.length >= CONTROL_PLANE_INTERFACES) continue;
    const owner = state.name;
    kept.push(addInterface(cloud, { region, subnet, kind: "control-plane", owner, securityGroupIds, madeBy: "eks" }));
  }
  for (const eni of kept) eni.state.securityGroupIds = securityGroupIds;
  plane.state.networkInterfaceIds = kept.map(({ id }) => id);
}

const WITH_CLUSTER = [AccessEntryKind, AccessPolicyAssociation, Addon, PodIdentityAssociation] as Kind<{
  clusterName: string;
}>[];

/**
 * Everything that goes with the cluster. EKS deletes interfaces and group by the cluster's role: without its policy
 * they stay behind and block subnets and VPC, and a group that other groups name stays in any case.
 * https://docs.aws.amazon.com/eks/latest/userguide/delete-cluster.html
 */
export function removeCluster(cloud: Cloud, { region, state, id }: Resource<ClusterState>): void {
  for (const ofCluster of WITH_CLUSTER) {
    for (const resource of cloud.all(ofCluster, region)) if (resource.state.clusterName === id) cloud.remove(resource);
  }
  const plane = cloud.get(ControlPlane, region, id);
  cloud.remove(plane);
  for (const address of [plane.state.publicIp, plane.state.egressIp]) {
    cloud.remove({ type: ServiceAddress.token, region, id: address });
  }
  if (!hasClusterPolicy(cloud, state.roleArn)) return;
  for (const eni of plane.state.networkInterfaceIds) cloud.remove({ type: NetworkInterface.token, region, id: eni });
  const group = cloud.get(SecurityGroup, region, state.vpcConfig.clusterSecurityGroupId);
  try {
    deleteGroup(cloud, group);
    cloud.remove(group);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}
