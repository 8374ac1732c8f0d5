import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { amiTypeFor } from "./ami.ts";
import { Cluster } from "./components.ts";
import { supportsAccessEntries } from "./validation.ts";
import type { CoreData } from "./components.ts";
import type { ManagedNodeGroupArgs } from "./node-group-args.ts";

/** The stand-in for eks.ManagedNodeGroup: an EKS node group, with a launch template where an option asks for one. */
export class ManagedNodeGroupComponent extends pulumi.ComponentResource {
  readonly nodeGroup: aws.eks.NodeGroup;

  constructor(name: string, args: ManagedNodeGroupArgs, options: pulumi.ComponentResourceOptions) {
    super("eks:index:ManagedNodeGroup", name, args, options);
    const nodeRoleArn = validatedRoleArn(args);
    const core = pulumi
      .output(args.cluster)
      .apply((cluster) => (cluster instanceof Cluster ? cluster.core : cluster)) as unknown as pulumi.Output<CoreData>;
    refuseRoleOutsideConfigMap(core);
    const launchTemplate = args.enableIMDSv2 === undefined ? undefined : createLaunchTemplate(name, args, this);
    const { cluster: _cluster, nodeRole: _nodeRole, diskSize, ...passedThrough } = args;
    this.nodeGroup = new aws.eks.NodeGroup(
      name,
      {
        ...passedThrough,
        ...(diskSize !== undefined && !launchTemplate ? { diskSize } : {}),
        ...optional("amiType", args.amiType ?? amiType(args)),
        ...optional("version", args.version ?? (args.launchTemplate ? undefined : clusterOf(core).version)),
        ...optional("launchTemplate", launchTemplate ? templateReference(launchTemplate) : args.launchTemplate),
        clusterName: args.clusterName ?? clusterOf(core).name,
        nodeRoleArn,
        scalingConfig: pulumi.output(args.scalingConfig).apply((config) => ({
          desiredSize: config?.desiredSize ?? 2,
          minSize: config?.minSize ?? 1,
          maxSize: config?.maxSize ?? 2,
        })),
        subnetIds: args.subnetIds ?? core.apply((data) => data.subnetIds ?? []),
      } as aws.eks.NodeGroupArgs,
      { parent: this, ignoreChanges: args.ignoreScalingChanges ? ["scalingConfig.desiredSize"] : [] },
    );
    this.registerOutputs({ nodeGroup: this.nodeGroup });
  }
}

/** The cluster's resource in the core data, with outputs that stay unknown while the core data are. */
function clusterOf(core: pulumi.Output<CoreData>): { name: pulumi.Output<string>; version: pulumi.Output<string> } {
  return {
    name: core.apply((data) => data.cluster.name) as pulumi.Output<string>,
    version: core.apply((data) => data.cluster.version) as pulumi.Output<string>,
  };
}

/** Makes pulumi-eks's checks of a node group's arguments, all at once. */
function validatedRoleArn(args: ManagedNodeGroupArgs): pulumi.Input<string> {
  const errors: pulumi.InputPropertyErrorDetails[] = [];
  const refuse = (propertyPath: string, reason: string) => errors.push({ propertyPath, reason });
  if (args.nodeRole && args.nodeRoleArn) {
    refuse("nodeRole", "You cannot specify both nodeRole and nodeRoleArn when creating a managed node group.");
  }
  for (const other of ["gpu", "amiType"] as const) {
    if (args.amiId && args[other]) {
      refuse("amiId", `You cannot specify both amiId and ${other} when creating a managed node group.`);
    }
  }
  if (!args.nodeRole && !args.nodeRoleArn) {
    refuse("nodeRole", "An IAM role, or role ARN must be provided to create a managed node group");
  }
  for (const option of notImitated.filter((name) => args[name] !== undefined)) {
    refuse(option, `the local cloud's eks stand-in has no ${option}`);
  }
  if (args.launchTemplate && args.enableIMDSv2 !== undefined) {
    refuse(
      "launchTemplate",
      "If you provide a custom launch template, you cannot provide any of kubeletExtraArgs, bootstrapExtraArgs, bottlerocketSettings, nodeadmExtraOptions, enableIMDSv2, userData, amiId, enableEfaSupport. Please include these in the launch template that you are providing.",
    );
  }
  if (errors.length > 0) {
    const message = "The input properties for the managed node group are invalid.";
    throw new pulumi.InputPropertiesError({ message, errors });
  }
  if (args.nodeRoleArn) return args.nodeRoleArn;
  return pulumi.output(args.nodeRole).apply((role) => role?.arn ?? pulumi.output("")) as pulumi.Output<string>;
}

/** Options that need a self-made AMI or user data, which no local node reads. */
const notImitated = [
  "userData",
  "amiId",
  "kubeletExtraArgs",
  "bootstrapExtraArgs",
  "bottlerocketSettings",
  "nodeadmExtraOptions",
  "enableEfaSupport",
] as const;

function refuseRoleOutsideConfigMap(core: pulumi.Output<CoreData>): void {
  core
    .apply((data) => data.cluster.accessConfig)
    .apply((config) => {
      if (supportsAccessEntries(config.authenticationMode)) return;
      throw new pulumi.InputPropertyError({
        propertyPath: "nodeRole",
        reason: "A managed node group cannot be created without first setting its role in the cluster's instanceRoles",
      });
    });
}

function amiType(args: ManagedNodeGroupArgs): pulumi.Output<string> | undefined {
  if (args.operatingSystem === undefined) return undefined;
  return pulumi
    .all([args.operatingSystem, args.gpu, args.instanceTypes])
    .apply(([system, gpu, types]) => amiTypeFor(system, gpu ?? false, types ?? []));
}

/** IMDSv2 and the disk's size go into a launch template; the node group's tags do not. */
function createLaunchTemplate(
  name: string,
  args: ManagedNodeGroupArgs,
  parent: pulumi.Resource,
): aws.ec2.LaunchTemplate {
  const deviceName = pulumi
    .output(args.operatingSystem)
    .apply((system) => (system === "Bottlerocket" ? "/dev/xvdb" : "/dev/xvda"));
  pulumi.output(args.taints ?? []).apply((taints) => taints.forEach((taint) => checkTaint(taint.effect)));
  return new aws.ec2.LaunchTemplate(
    `${name}-launchTemplate`,
    {
      ...(args.diskSize === undefined
        ? {}
        : { blockDeviceMappings: [{ deviceName, ebs: { volumeSize: args.diskSize } }] }),
      metadataOptions: {
        httpTokens: args.enableIMDSv2 ? "required" : "optional",
        httpPutResponseHopLimit: 2,
        httpEndpoint: "enabled",
      },
    },
    { parent },
  );
}

/** As in pulumi-eks, only a node group with a launch template of its own has its taints checked. */
function checkTaint(effect: string): void {
  const allowed = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"];
  if (allowed.includes(effect)) return;
  throw new pulumi.InputPropertyError({
    propertyPath: "taints",
    reason: `Invalid taint effect: ${effect}. Must be one of ${allowed.join(", ")}.`,
  });
}

function templateReference(template: aws.ec2.LaunchTemplate): aws.types.input.eks.NodeGroupLaunchTemplate {
  return { id: template.id, version: template.latestVersion.apply(String) };
}

function optional(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}
