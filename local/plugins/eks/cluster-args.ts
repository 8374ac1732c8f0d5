import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** How to add tags. */
export type Tags = pulumi.Input<Record<string, pulumi.Input<string>>>;

export interface AccessEntry {
  principalArn: pulumi.Input<string>;
  username?: pulumi.Input<string>;
  kubernetesGroups?: pulumi.Input<pulumi.Input<string>[]>;
  accessPolicies?: Record<
    string,
    pulumi.Input<{
      policyArn: pulumi.Input<string>;
      accessScope: aws.types.input.eks.AccessPolicyAssociationAccessScope;
    }>
  >;
  tags?: Tags;
  type?: pulumi.Input<string>;
}

export interface AddonOptions {
  enabled?: boolean;
  version?: pulumi.Input<string>;
  resolveConflictsOnCreate?: pulumi.Input<string>;
  resolveConflictsOnUpdate?: pulumi.Input<string>;
  configurationValues?: pulumi.Input<object>;
}

/** Options of the VPC CNI add-on; the keys of `cniVariables` in vpc-cni.ts are options too. */
export interface VpcCniOptions {
  addonVersion?: pulumi.Input<string>;
  resolveConflictsOnCreate?: pulumi.Input<string>;
  resolveConflictsOnUpdate?: pulumi.Input<string>;
  serviceAccountRoleArn?: pulumi.Input<string>;
  configurationValues?: pulumi.Input<object>;
  enableNetworkPolicy?: pulumi.Input<boolean>;
  tags?: Tags;
  [variable: string]: unknown;
}

/** The arguments of eks.Cluster that are imitated, and those that only have to be recognised to be refused. */
export interface ClusterArgs {
  vpcId?: pulumi.Input<string>;
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  publicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  privateSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  name?: pulumi.Input<string>;
  version?: pulumi.Input<string>;
  authenticationMode?: string;
  accessEntries?: Record<string, AccessEntry>;
  roleMappings?: pulumi.Input<unknown[]>;
  userMappings?: pulumi.Input<unknown[]>;
  instanceRole?: pulumi.Input<aws.iam.Role>;
  instanceRoles?: pulumi.Input<aws.iam.Role[]>;
  endpointPublicAccess?: pulumi.Input<boolean>;
  endpointPrivateAccess?: pulumi.Input<boolean>;
  publicAccessCidrs?: pulumi.Input<pulumi.Input<string>[]>;
  skipDefaultNodeGroup?: boolean;
  skipDefaultSecurityGroups?: boolean;
  clusterSecurityGroup?: pulumi.Input<aws.ec2.SecurityGroup>;
  kubernetesServiceIpAddressRange?: pulumi.Input<string>;
  ipFamily?: pulumi.Input<string>;
  serviceRole?: pulumi.Input<aws.iam.Role>;
  bootstrapSelfManagedAddons?: pulumi.Input<boolean>;
  vpcCniOptions?: VpcCniOptions;
  useDefaultVpcCni?: boolean;
  kubeProxyAddonOptions?: AddonOptions;
  corednsAddonOptions?: AddonOptions;
  providerCredentialOpts?: pulumi.Input<{ roleArn?: pulumi.Input<string>; profileName?: pulumi.Input<string> }>;
  enableConfigMapMutable?: pulumi.Input<boolean>;
  enabledClusterLogTypes?: pulumi.Input<pulumi.Input<string>[]>;
  encryptionConfigKeyArn?: pulumi.Input<string>;
  upgradePolicy?: pulumi.Input<aws.types.input.eks.ClusterUpgradePolicy>;
  deletionProtection?: pulumi.Input<boolean>;
  createOidcProvider?: pulumi.Input<boolean>;
  tags?: Tags;
  clusterTags?: Tags;
  nodeSecurityGroupTags?: Tags;
  autoMode?: { enabled?: boolean };
  fargate?: pulumi.Input<unknown>;
  storageClasses?: unknown;
  nodeGroupOptions?: Record<string, unknown>;
  createInstanceRole?: boolean;
  [other: string]: unknown;
}
