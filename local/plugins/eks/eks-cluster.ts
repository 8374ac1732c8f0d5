import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./cluster-args.ts";

/** Registers the EKS cluster itself, named `<component>-eksCluster`. */
export function createEksCluster(
  name: string,
  args: ClusterArgs,
  role: pulumi.Output<aws.iam.Role>,
  options: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): aws.eks.Cluster {
  return new aws.eks.Cluster(
    `${name}-eksCluster`,
    {
      ...defined({
        name: args.name,
        version: args.version,
        enabledClusterLogTypes: args.enabledClusterLogTypes,
        upgradePolicy: args.upgradePolicy,
        deletionProtection: args.deletionProtection,
        kubernetesNetworkConfig: networkConfig(args),
        encryptionConfig: args.encryptionConfigKeyArn
          ? { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] }
          : undefined,
      }),
      roleArn: role.apply((resource) => resource.arn),
      bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons ?? true,
      vpcConfig: vpcConfig(args),
      accessConfig: {
        authenticationMode: args.authenticationMode ?? "CONFIG_MAP",
        bootstrapClusterCreatorAdminPermissions: true,
      },
      tags: pulumi
        .all([args.tags, args.clusterTags])
        .apply(([tags, clusterTags]) => ({ Name: `${name}-eksCluster`, ...clusterTags, ...tags })),
    },
    {
      ...options,
      // Both are settings of the creation only; a later change must not replace the cluster.
      ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
    },
  );
}

/** The given subnets, or the public ones followed by the private ones. */
export function clusterSubnetIds(args: ClusterArgs): pulumi.Input<pulumi.Input<string>[]> {
  if (args.subnetIds) return args.subnetIds;
  const open = pulumi.output(args.publicSubnetIds ?? []);
  const closed = pulumi.output(args.privateSubnetIds ?? []);
  return pulumi.all([open, closed]).apply(([openIds, closedIds]) => [...openIds, ...closedIds]);
}

function vpcConfig(args: ClusterArgs): pulumi.Input<aws.types.input.eks.ClusterVpcConfig> {
  return {
    subnetIds: clusterSubnetIds(args),
    ...defined({
      securityGroupIds: args.clusterSecurityGroup
        ? [pulumi.output(args.clusterSecurityGroup).apply((group) => group.id)]
        : undefined,
      endpointPrivateAccess: args.endpointPrivateAccess,
      endpointPublicAccess: args.endpointPublicAccess,
      publicAccessCidrs: publicAccessCidrs(args),
    }),
  };
}

function publicAccessCidrs(args: ClusterArgs): pulumi.Output<string[]> | undefined {
  if (!args.publicAccessCidrs) return undefined;
  return pulumi.all([args.publicAccessCidrs, args.endpointPublicAccess ?? true]).apply(([cidrs, publicAccess]) => {
    if (!publicAccess) throw new Error("`publicAccessCidrs` can only be set when `endpointPublicAccess` is true");
    return cidrs;
  });
}

function networkConfig(args: ClusterArgs): aws.types.input.eks.ClusterKubernetesNetworkConfig | undefined {
  if (!args.kubernetesServiceIpAddressRange && !args.ipFamily) return undefined;
  const ipFamily = args.ipFamily ?? "ipv4";
  return { ipFamily, ...defined({ serviceIpv4Cidr: args.kubernetesServiceIpAddressRange }) };
}

type Defined<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

/** The properties that are set. */
function defined<Values extends Record<string, unknown>>(values: Values): Defined<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}
