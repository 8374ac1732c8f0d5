import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createAccessEntries } from "./access-entries.ts";
import { stringifyConfiguration } from "./addon-configuration.ts";
import { assertCompatibleAwsCli } from "./aws-cli.ts";
import { clusterSubnetIds, createEksCluster } from "./eks-cluster.ts";
import { KubernetesProvider } from "./components.ts";
import { waitForHealthz } from "./healthz.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { ServiceRole } from "./service-role.ts";
import { validateClusterArgs } from "./validation.ts";
import { VpcCniAddon } from "./vpc-cni.ts";
import type { AddonOptions, ClusterArgs } from "./cluster-args.ts";
import type { CredentialOptions } from "./kubeconfig.ts";

/** The stand-in for eks.Cluster: an EKS cluster with its role, its kube-proxy and VPC CNI add-ons and a kubeconfig. */
export class ClusterComponent extends pulumi.ComponentResource {
  readonly outputs: pulumi.Inputs;

  constructor(name: string, rawArgs: ClusterArgs, options: pulumi.ComponentResourceOptions) {
    super("eks:index:Cluster", name, rawArgs, options);
    assertCompatibleAwsCli();
    const args = validateClusterArgs(rawArgs);
    const parent = this;
    const role = args.serviceRole ? undefined : createServiceRole(name, args, parent);
    const clusterRole = args.serviceRole ? pulumi.output(args.serviceRole) : pulumi.output(role?.role);
    const cluster = createEksCluster(name, args, clusterRole as pulumi.Output<aws.iam.Role>, {
      parent,
      dependsOn: role?.attachments ?? [],
    });
    if (args.kubeProxyAddonOptions?.enabled !== false) {
      createAddon(name, "kube-proxy", cluster, args, args.kubeProxyAddonOptions, parent);
    }
    const endpoint = reachableEndpoint(cluster, args);
    const credentials = credentialOptions(args);
    const kubeconfig = kubeconfigFor(cluster, endpoint, credentials, false);
    const kubernetes = new KubernetesProvider(
      `${name}-eks-k8s`,
      {
        kubeconfig: pulumi.jsonStringify(kubeconfigFor(cluster, endpoint, credentials, true)),
        enableConfigMapMutable: args.enableConfigMapMutable,
      },
      { parent },
    );
    const entries = createAccessEntries(name, cluster, args.accessEntries ?? {}, parent);
    const vpcCni = args.useDefaultVpcCni
      ? undefined
      : new VpcCniAddon(
          `${name}-vpc-cni`,
          { ...args.vpcCniOptions, clusterName: cluster.name, clusterVersion: cluster.version, ...tagsOf(args) },
          { parent, dependsOn: entries, providers: { kubernetes } },
        );
    if (args.corednsAddonOptions?.enabled === true || args.corednsAddonOptions?.configurationValues) {
      createAddon(name, "coredns", cluster, args, args.corednsAddonOptions, parent);
    }
    this.outputs = clusterOutputs(args, { cluster, clusterRole, endpoint, kubeconfig, kubernetes, vpcCni });
    this.registerOutputs(this.outputs);
  }
}

function createServiceRole(name: string, args: ClusterArgs, parent: pulumi.Resource): ServiceRole {
  const { partition } = aws.getPartitionOutput({}, { parent });
  return new ServiceRole(
    `${name}-eksRole`,
    {
      service: "eks.amazonaws.com",
      description: "Allows EKS to manage clusters on your behalf.",
      managedPolicies: [
        {
          id: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
          arn: pulumi.interpolate`arn:${partition}:iam::aws:policy/AmazonEKSClusterPolicy`,
        },
      ],
      assumeRoleActions: ["sts:AssumeRole", "sts:TagSession"],
      ...tagsOf(args),
    },
    { parent },
  );
}

function createAddon(
  name: string,
  addonName: "kube-proxy" | "coredns",
  cluster: aws.eks.Cluster,
  args: ClusterArgs,
  options: AddonOptions | undefined,
  parent: pulumi.Resource,
): void {
  const addonVersion =
    options?.version ??
    aws.eks.getAddonVersionOutput({ addonName, kubernetesVersion: cluster.version, mostRecent: true }, { parent })
      .version;
  new aws.eks.Addon(
    `${name}-${addonName}`,
    {
      clusterName: cluster.name,
      addonName,
      preserve: true,
      resolveConflictsOnCreate: options?.resolveConflictsOnCreate ?? "OVERWRITE",
      resolveConflictsOnUpdate: options?.resolveConflictsOnUpdate ?? "OVERWRITE",
      addonVersion,
      ...(options?.configurationValues
        ? { configurationValues: stringifyConfiguration(options.configurationValues) }
        : {}),
      ...tagsOf(args),
    },
    { parent },
  );
}

/** The endpoint, given once the API server answers; without a truthy `endpointPublicAccess` nobody waits. */
function reachableEndpoint(cluster: aws.eks.Cluster, args: ClusterArgs): pulumi.Output<string> {
  return cluster.endpoint.apply(async (endpoint) => {
    if (!pulumi.runtime.isDryRun() && args.endpointPublicAccess) {
      await waitForHealthz(endpoint, (secondsLeft) => {
        const message = `Waiting up to (${secondsLeft}) more seconds for cluster readiness...`;
        void pulumi.log.info(message, cluster, undefined, true);
      });
      void pulumi.log.info("Cluster is ready", cluster, undefined, true);
    }
    return endpoint;
  });
}

/** What kubeconfigs use: the given options, else the profile of the environment or of the stack's config. */
function credentialOptions(args: ClusterArgs): pulumi.Input<CredentialOptions> | undefined {
  if (args.providerCredentialOpts) return args.providerCredentialOpts;
  const profileName = process.env["AWS_PROFILE"] ?? new pulumi.Config("aws").get("profile");
  return profileName ? { profileName } : undefined;
}

function tagsOf(args: ClusterArgs): Pick<ClusterArgs, "tags"> {
  return args.tags ? { tags: args.tags } : {};
}

interface Parts {
  cluster: aws.eks.Cluster;
  clusterRole: pulumi.Output<aws.iam.Role | undefined>;
  endpoint: pulumi.Output<string>;
  kubeconfig: pulumi.Output<object>;
  kubernetes: KubernetesProvider;
  vpcCni: VpcCniAddon | undefined;
}

/** The component's outputs. Without default security groups both ids are those of the group that EKS makes. */
function clusterOutputs(args: ClusterArgs, parts: Parts): pulumi.Inputs {
  const { cluster, kubeconfig } = parts;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type promises more than EKS gives
  const issuer = cluster.identities.apply((identities) => identities[0]?.oidcs?.[0]?.issuer ?? "");
  const core = {
    cluster,
    vpcId: args.vpcId,
    subnetIds: clusterSubnetIds(args),
    publicSubnetIds: args.publicSubnetIds,
    privateSubnetIds: args.privateSubnetIds,
    endpoint: parts.endpoint,
    provider: parts.kubernetes,
    instanceRoles: [],
    nodeGroupOptions: args.nodeGroupOptions ?? { version: args.version },
    kubeconfig,
    vpcCni: parts.vpcCni,
    tags: args.tags,
    nodeSecurityGroupTags: args.nodeSecurityGroupTags,
    storageClasses: {},
    clusterIamRole: parts.clusterRole,
    accessEntries: Object.values(args.accessEntries ?? {}),
    autoModeNodeRoleName: "",
  };
  return {
    kubeconfig,
    kubeconfigJson: pulumi.jsonStringify(kubeconfig),
    eksCluster: cluster,
    core: pulumi.output(core),
    instanceRoles: [],
    clusterSecurityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
    nodeSecurityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
    clusterIngressRuleId: "",
    defaultNodeGroupAsgName: "",
    fargateProfileId: "",
    fargateProfileStatus: "",
    oidcProviderArn: "",
    oidcProviderUrl: issuer,
    oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
    autoModeNodeRoleName: "",
  };
}
