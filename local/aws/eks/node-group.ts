import type { Cloud } from "../cloud.ts";
import { randomHex } from "../cloud.ts";
import { AwsError, CreateFailed } from "../errors.ts";
import { Subnet } from "../ec2/kinds.ts";
import type { SubnetState } from "../ec2/kinds.ts";
import { NetworkInterface, addInterface } from "../ec2/network-interface.ts";
import { roleByArn } from "../iam.ts";
import type { Resource, ResourceType } from "../resource.ts";
import type { NodeRecord } from "../snapshot.ts";
import { invalidParameter } from "./cluster-checks.ts";
import { Instances, NodeGroup } from "./kinds.ts";
import type { ClusterState, NodeGroupState } from "./kinds.ts";
import {
  assertInstances,
  assertJoin,
  assertNodeRole,
  assertNodeSubnets,
  assertScaling,
  assertTemplate,
} from "./node-group-checks.ts";
import { activeCluster, clusterNamed, clusterRecord, eksArn, nodeGroupRecord } from "./records.ts";

export type NodeGroupInputs = Omit<NodeGroupState, "arn" | "status" | "version" | "amiType" | "instanceTypes"> & {
  version?: string;
  amiType?: string;
  instanceTypes?: string[];
};

export const nodeGroup: ResourceType<NodeGroupInputs, NodeGroupState> = {
  kind: NodeGroup,
  replaceOn: [
    ...["amiType", "capacityType", "clusterName", "diskSize", "instanceTypes", "nodeGroupName", "nodeGroupNamePrefix"],
    ...["nodeRoleArn", "remoteAccess", "subnetIds", "launchTemplate.id", "launchTemplate.name", "region"],
  ],
  computed: ["amiType", "capacityType", "diskSize", "instanceTypes", "nodeGroupName", "releaseVersion", "version"],
  autoName: { property: "nodeGroupName", maxLength: 63, unless: "nodeGroupNamePrefix" },
  words: {
    capacityType: ["ON_DEMAND", "SPOT"],
    "taints.effect": ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"],
    amiType: ["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64"],
  },
  check(inputs, refuse) {
    const name = inputs["nodeGroupName"];
    if (typeof name === "string" && !/^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name)) {
      refuse(
        "nodeGroupName",
        "must be between 1-63 characters in length, start with a letter or number and have only [A-Za-z0-9_-]",
      );
    }
    const types = inputs["instanceTypes"];
    if (Array.isArray(types) && types.length > 20) refuse("instanceTypes", "attribute supports 20 item maximum");
  },
  async create(cloud, inputs, { region }) {
    const cluster = activeCluster(cloud, region, inputs.clusterName);
    const group = addNodeGroup(cloud, cluster, inputs);
    try {
      await start(cloud, cluster, group);
      group.state.status = "ACTIVE";
      cloud.touch();
      return group;
    } catch (error) {
      // EKS keeps it, with the instances that there are, until somebody deletes it.
      group.state.status = "CREATE_FAILED";
      cloud.touch();
      throw nodeCreationFailure(group, error);
    }
  },
  async update(cloud, group, inputs) {
    assertScaling(inputs.scalingConfig);
    const cluster = clusterNamed(cloud, group.region, inputs.clusterName);
    const version = inputs.version ?? group.state.version;
    assertVersion(cluster, version);
    assertTemplate(cloud, group.region, inputs.launchTemplate);
    Object.assign(group.state, { ...inputs, version });
    resize(cloud, cluster, group);
    await start(cloud, cluster, group);
    return { version };
  },
  async delete(cloud, group) {
    if (!roleByArn(cloud, group.state.nodeRoleArn)) {
      const message = `The IAM role ${group.state.nodeRoleArn} of the node group was deleted before it: nodes cannot be drained`;
      throw new AwsError("IamNodeRoleNotFound", message);
    }
    group.state.status = "DELETING";
    cloud.touch();
    await stop(cloud, clusterNamed(cloud, group.region, group.state.clusterName), group);
  },
};

/** Undo what was begun and for which nobody waits any more. */
export async function abandonNodeGroup(cloud: Cloud, group: Resource<NodeGroupState>): Promise<void> {
  const cluster = clusterNamed(cloud, group.region, group.state.clusterName);
  const records = [clusterRecord(cloud, cluster), nodeGroupRecord(cloud, group)] as const;
  await cloud.runtime.deleteNodeGroup(...records).catch(() => undefined);
  removeInstances(cloud, group);
  cloud.remove(group);
}

function addNodeGroup(
  cloud: Cloud,
  cluster: Resource<ClusterState>,
  inputs: NodeGroupInputs,
): Resource<NodeGroupState> {
  const { region } = cluster;
  const { clusterName, nodeGroupName } = inputs;
  const id = `${clusterName}:${nodeGroupName}`;
  if (cloud.find(NodeGroup, region, id)) {
    const message = `NodeGroup already exists with name ${nodeGroupName} and cluster name ${clusterName}`;
    throw new AwsError("ResourceInUseException", message);
  }
  const version = inputs.version ?? cluster.state.version;
  assertVersion(cluster, version);
  assertScaling(inputs.scalingConfig);
  assertNodeRole(cloud, cluster, inputs.nodeRoleArn);
  const { amiType, instanceTypes } = assertInstances(inputs);
  const template = assertTemplate(cloud, region, inputs.launchTemplate);
  const subnets = assertNodeSubnets(cloud, cluster, nodeGroupName, inputs.subnetIds);
  assertJoin(cloud, cluster, subnets);
  const state: NodeGroupState & Record<string, unknown> = {
    capacityType: "ON_DEMAND",
    diskSize: inputs.launchTemplate ? 0 : 20,
    ...inputs,
    arn: eksArn(region, `nodegroup/${clusterName}/${nodeGroupName}/${randomHex(8)}`),
    amiType,
    instanceTypes,
    version,
    releaseVersion: `${version}.0-20261101`,
    resources: [
      { autoscalingGroups: [{ name: `eks-${nodeGroupName}-${randomHex(8)}` }], remoteAccessSecurityGroupId: "" },
    ],
    status: "CREATING",
  };
  const group = cloud.add(NodeGroup, { id, region, state });
  const own = template?.state.vpcSecurityGroupIds ?? [];
  const securityGroupIds = own.length > 0 ? own : [cluster.state.vpcConfig.clusterSecurityGroupId];
  cloud.add(Instances, { id, region, madeBy: "eks", state: { nodes: [], securityGroupIds } });
  try {
    resize(cloud, cluster, group);
  } catch (error) {
    removeInstances(cloud, group);
    cloud.remove(group);
    throw error;
  }
  return group;
}

/** Launch or terminate instances until there are as many as desired, spread over the subnets. */
function resize(cloud: Cloud, cluster: Resource<ClusterState>, group: Resource<NodeGroupState>): void {
  const { region, state, id } = group;
  const instances = cloud.get(Instances, region, id);
  const subnets = state.subnetIds.map((subnetId) => cloud.get(Subnet, region, subnetId));
  const { nodes } = instances.state;
  while (nodes.length > state.scalingConfig.desiredSize) {
    const node = nodes.pop();
    if (node) cloud.remove({ type: NetworkInterface.token, region, id: node.networkInterfaceId });
  }
  while (nodes.length < state.scalingConfig.desiredSize) {
    const count = (subnet: Resource<SubnetState>) => nodes.filter(({ subnetId }) => subnetId === subnet.id).length;
    const subnet = subnets.reduce((least, candidate) => (count(candidate) < count(least) ? candidate : least));
    nodes.push(launch(cloud, cluster, subnet, instances.state.securityGroupIds, state.instanceTypes[0] ?? "t3.medium"));
  }
  cloud.touch();
}

function launch(
  cloud: Cloud,
  { region }: Resource<ClusterState>,
  subnet: Resource<SubnetState>,
  securityGroupIds: string[],
  instanceType: string,
): NodeRecord {
  const publicIp = subnet.state.mapPublicIpOnLaunch;
  const eni = addInterface(cloud, {
    region,
    subnet,
    kind: "node",
    owner: "",
    securityGroupIds,
    publicIp,
    pods: true,
    madeBy: "eks",
  });
  const { privateIp, podCidr = "", zone } = eni.state;
  eni.state.owner = privateDnsName(region, privateIp);
  return {
    name: eni.state.owner,
    instanceId: cloud.newId("i"),
    instanceType,
    subnetId: subnet.id,
    zone,
    networkInterfaceId: eni.id,
    privateIp,
    podCidr,
    ...(eni.state.publicIp ? { publicIp: eni.state.publicIp } : {}),
  };
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html: us-east-1 has a form of its own. */
function privateDnsName(region: string, privateIp: string): string {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return `ip-${privateIp.replaceAll(".", "-")}.${domain}`;
}

async function start(cloud: Cloud, cluster: Resource<ClusterState>, group: Resource<NodeGroupState>): Promise<void> {
  await cloud.settle();
  await cloud.runtime.createNodeGroup(clusterRecord(cloud, cluster), nodeGroupRecord(cloud, group));
}

async function stop(cloud: Cloud, cluster: Resource<ClusterState>, group: Resource<NodeGroupState>): Promise<void> {
  await cloud.runtime.deleteNodeGroup(clusterRecord(cloud, cluster), nodeGroupRecord(cloud, group));
  removeInstances(cloud, group);
}

function removeInstances(cloud: Cloud, { id, region }: Resource<NodeGroupState>): void {
  const instances = cloud.get(Instances, region, id);
  for (const { networkInterfaceId } of instances.state.nodes) {
    cloud.remove({ type: NetworkInterface.token, region, id: networkInterfaceId });
  }
  cloud.remove(instances);
}

function assertVersion({ state }: Resource<ClusterState>, version: string): void {
  const behind = Number(state.version.split(".")[1]) - Number(version.split(".")[1]);
  if (!(behind >= 0 && behind <= 3)) {
    throw invalidParameter(
      `Requested Nodegroup version ${version} is not compatible with the cluster version ${state.version}`,
    );
  }
}

/** What EKS reports when instances are up but their kubelets never become Ready. */
function nodeCreationFailure({ id }: Resource<NodeGroupState>, cause: unknown): CreateFailed {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CreateFailed(
    "NodeCreationFailure",
    `waiting for EKS Node Group (${id}) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: NodeCreationFailure: Unhealthy nodes in the kubernetes cluster: ${why}`,
    id,
  );
}
