import type { Cloud } from "../cloud.ts";
import { ec2Arn } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { Subnet, Vpc } from "../ec2/kinds.ts";
import type { Resource } from "../resource.ts";
import type { AccessEntry, AddonRecord, ClusterRecord, NodeGroupRecord } from "../snapshot.ts";
import {
  AccessEntryKind,
  AccessPolicyAssociation,
  Addon,
  Cluster,
  ControlPlane,
  Instances,
  NodeGroup,
  PodIdentityAssociation,
} from "./kinds.ts";
import type { AddonState, ClusterState, NodeGroupState } from "./kinds.ts";

/** The cluster of that name, or EKS's refusal. */
export function clusterNamed(cloud: Cloud, region: string, name: string): Resource<ClusterState> {
  const found = cloud.find(Cluster, region, name);
  if (!found) throw new AwsError("ResourceNotFoundException", `No cluster found for name: ${name}.`);
  return found;
}

/** The cluster of that name, which has to be able to take something in. */
export function activeCluster(cloud: Cloud, region: string, name: string): Resource<ClusterState> {
  const cluster = clusterNamed(cloud, region, name);
  if (cluster.state.status === "ACTIVE") return cluster;
  throw new AwsError("InvalidRequestException", `Cluster '${name}' is not in ACTIVE status`);
}

/** A cluster as the runtime sees it. */
export function clusterRecord(cloud: Cloud, cluster: Resource<ClusterState>): ClusterRecord {
  const { region, state } = cluster;
  const plane = cloud.get(ControlPlane, region, state.name).state;
  const config = state.vpcConfig;
  const ofCluster = (resource: Resource<{ clusterName: string }>) => resource.state.clusterName === state.name;
  const addons = cloud.all(Addon, region).filter(ofCluster).map(addonRecord);
  return {
    name: state.name,
    region,
    arn: state.arn,
    version: state.version,
    status: state.status,
    vpcId: config.vpcId,
    vpcCidr: cloud.get(Vpc, region, config.vpcId).state.cidrBlock,
    subnets: config.subnetIds.map((id) => {
      const { cidrBlock, availabilityZone } = cloud.get(Subnet, region, id).state;
      return { id, cidr: cidrBlock, zone: availabilityZone };
    }),
    serviceCidr: state.kubernetesNetworkConfig.serviceIpv4Cidr,
    endpointHost: plane.endpointHost,
    endpointPublicAccess: config.endpointPublicAccess,
    endpointPrivateAccess: config.endpointPrivateAccess,
    publicAccessCidrs: config.publicAccessCidrs,
    publicIp: plane.publicIp,
    egressIp: plane.egressIp,
    clusterSecurityGroupId: config.clusterSecurityGroupId,
    securityGroupIds: [config.clusterSecurityGroupId, ...config.securityGroupIds],
    networkInterfaceIds: plane.networkInterfaceIds,
    creatorArn: plane.creatorArn,
    ...(state.certificateAuthority.data ? { certificateAuthority: state.certificateAuthority.data } : {}),
    bootstrapSelfManagedAddons: state.bootstrapSelfManagedAddons,
    access: accessOf(cloud, cluster),
    podIdentities: cloud
      .all(PodIdentityAssociation, region)
      .filter(ofCluster)
      .map(({ state: { associationId, namespace, serviceAccount, roleArn } }) => {
        return { associationId, namespace, serviceAccount, roleArn };
      }),
    nodeGroups: cloud
      .all(NodeGroup, region)
      .filter(ofCluster)
      .map((group) => nodeGroupRecord(cloud, group)),
    addons,
    snat: snatOf(addons),
  };
}

/** Who may talk to the API server, with the policies associated to each entry. */
export function accessOf(cloud: Cloud, { region, state }: Resource<ClusterState>): AccessEntry[] {
  const policies = cloud.all(AccessPolicyAssociation, region).filter((one) => one.state.clusterName === state.name);
  return cloud
    .all(AccessEntryKind, region)
    .filter((entry) => entry.state.clusterName === state.name)
    .map(({ state: entry }) => ({
      principalArn: entry.principalArn,
      username: entry.userName,
      groups: entry.kubernetesGroups,
      policies: policies
        .filter((policy) => policy.state.principalArn === entry.principalArn)
        .map(({ state: { policyArn, accessScope } }) => ({
          policyArn,
          scope:
            accessScope.type === "cluster"
              ? { type: "cluster" }
              : { type: "namespace", namespaces: accessScope.namespaces ?? [] },
        })),
    }));
}

const EFFECTS: Record<string, NodeGroupRecord["taints"][number]["effect"]> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

export function nodeGroupRecord(cloud: Cloud, group: Resource<NodeGroupState>): NodeGroupRecord {
  const { state, region } = group;
  const instances = cloud.get(Instances, region, group.id).state;
  return {
    name: state.nodeGroupName,
    clusterName: state.clusterName,
    region,
    arn: state.arn,
    version: state.version,
    status: state.status,
    labels: state.labels ?? {},
    taints: (state.taints ?? []).map(({ effect, ...taint }) => ({ ...taint, effect: EFFECTS[effect] ?? "NoSchedule" })),
    ...instances,
  };
}

export function addonRecord({ state, region }: Resource<AddonState>): AddonRecord {
  const { addonName, addonVersion, clusterName, configurationValues } = state;
  const configuration = JSON.parse(configurationValues || "{}") as Record<string, unknown>;
  return { name: addonName, clusterName, region, version: addonVersion, configuration };
}

/** https://github.com/aws/amazon-vpc-cni-k8s#aws_vpc_k8s_cni_externalsnat */
function snatOf(addons: AddonRecord[]): ClusterRecord["snat"] {
  const cni = addons.find(({ name }) => name === "vpc-cni");
  const env = (cni?.configuration["env"] ?? {}) as Record<string, string | undefined>;
  const excluded = env["AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS"] ?? "";
  return {
    external: env["AWS_VPC_K8S_CNI_EXTERNALSNAT"] === "true",
    excludeCidrs: excluded.split(",").flatMap((block) => (block.trim() ? [block.trim()] : [])),
  };
}

export function eksArn(region: string, resource: string): string {
  return ec2Arn(region, resource).replace(":ec2:", ":eks:");
}
