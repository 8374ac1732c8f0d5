import { kind } from "../resource.ts";
import type { Tags } from "../resource.ts";
import type { AccessEntry, NodeRecord } from "../snapshot.ts";

export interface VpcConfig {
  subnetIds: string[];
  securityGroupIds?: string[];
  endpointPublicAccess?: boolean;
  endpointPrivateAccess?: boolean;
  publicAccessCidrs?: string[];
}

export interface ClusterState {
  arn: string;
  name: string;
  region: string;
  roleArn: string;
  version: string;
  status: "CREATING" | "ACTIVE" | "FAILED" | "DELETING";
  endpoint: string;
  certificateAuthority: { data: string };
  deletionProtection: boolean;
  bootstrapSelfManagedAddons: boolean;
  accessConfig: { authenticationMode: AuthenticationMode; bootstrapClusterCreatorAdminPermissions: boolean };
  kubernetesNetworkConfig: { ipFamily: string; serviceIpv4Cidr: string };
  vpcConfig: Required<VpcConfig> & { clusterSecurityGroupId: string; vpcId: string };
  tags?: Tags;
  tagsAll: Tags;
}
export const Cluster = kind<ClusterState>("aws:eks/cluster:Cluster");

export type AuthenticationMode = "CONFIG_MAP" | "API_AND_CONFIG_MAP" | "API";

/** What a cluster has behind its API description; the id is the cluster's name. */
export interface ControlPlaneState {
  endpointHost: string;
  publicIp: string;
  egressIp: string;
  networkInterfaceIds: string[];
  creatorArn: string;
}
export const ControlPlane = kind<ControlPlaneState>("aws:eks/controlPlane:ControlPlane");

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

export interface NodeGroupState {
  arn: string;
  clusterName: string;
  nodeGroupName: string;
  region: string;
  nodeRoleArn: string;
  subnetIds: string[];
  scalingConfig: { desiredSize: number; maxSize: number; minSize: number };
  amiType: string;
  instanceTypes: string[];
  version: string;
  labels?: Record<string, string>;
  taints?: Taint[];
  launchTemplate?: { id?: string; name?: string; version: string };
  status: "CREATING" | "ACTIVE" | "CREATE_FAILED" | "DELETING";
  tagsAll: Tags;
}
export const NodeGroup = kind<NodeGroupState>("aws:eks/nodeGroup:NodeGroup");

/** The instances of a node group; the id is the group's. */
export const Instances = kind<{ nodes: NodeRecord[]; securityGroupIds: string[] }>("aws:eks/instances:Instances");

export interface AddonState {
  arn: string;
  clusterName: string;
  addonName: string;
  addonVersion: string;
  configurationValues?: string;
  resolveConflictsOnCreate?: string;
  preserve?: boolean;
  region: string;
  tagsAll: Tags;
}
export const Addon = kind<AddonState>("aws:eks/addon:Addon");

export interface AccessEntryState {
  accessEntryArn: string;
  clusterName: string;
  principalArn: string;
  kubernetesGroups: string[];
  userName: string;
  type: string;
  region: string;
  tagsAll: Tags;
}
export const AccessEntryKind = kind<AccessEntryState>("aws:eks/accessEntry:AccessEntry");

export interface AccessPolicyAssociationState {
  clusterName: string;
  principalArn: string;
  policyArn: string;
  accessScope: { type: AccessEntry["policies"][number]["scope"]["type"]; namespaces?: string[] };
  region: string;
}
export const AccessPolicyAssociation = kind<AccessPolicyAssociationState>(
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
);

export interface PodIdentityState {
  clusterName: string;
  namespace: string;
  serviceAccount: string;
  roleArn: string;
  associationId: string;
  associationArn: string;
  region: string;
  tagsAll: Tags;
}
export const PodIdentityAssociation = kind<PodIdentityState>("aws:eks/podIdentityAssociation:PodIdentityAssociation");
