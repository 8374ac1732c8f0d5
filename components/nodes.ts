import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import type { NodesPlan } from "../topology/types.ts";
import { managedPolicyArn, type ManagedPolicy, type Trust, trustDocument } from "./iam.ts";
import type { Tags } from "./tags.ts";

export interface NodesArgs {
  readonly plan: NodesPlan;
  readonly cluster: eks.Cluster;
  readonly kubernetesVersion: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly tags: Tags;
  readonly provider: aws.Provider;
  /** What the nodes need to reach the internet; it outlives them. */
  readonly connected: readonly pulumi.Resource[];
}

const source = "https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html";
/** What a node may do: join its cluster, give pods addresses, pull images from Amazon's registry. */
export const nodePolicies: readonly ManagedPolicy[] = [
  { name: "AmazonEKSWorkerNodePolicy", source },
  { name: "AmazonEKS_CNI_Policy", source },
  { name: "AmazonEC2ContainerRegistryPullOnly", source },
];
export const nodeTrust: Trust = { service: "ec2.amazonaws.com", actions: ["sts:AssumeRole"], source };

/**
 * The nodes of a cluster: one managed group of Amazon Linux 2023 instances over the cluster's zones, which let a
 * [control plane](https://istio.io/latest/docs/ops/deployment/deployment-models/#control-plane-models) outlive a zone.
 *
 * Creates: an IAM role with three managed policies, a launch template, a managed node group.
 * Cost: each t3.large about $0.08 per hour on demand, a 20 GiB disk $0.002, a public address $0.005.
 * Defaults: two nodes, one more while they are replaced; IMDSv2 only.
 * Leaves out: an autoscaler, several groups, SSH.
 */
export class Nodes extends pulumi.ComponentResource {
  readonly group: eks.ManagedNodeGroup;

  constructor(name: string, args: NodesArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:eks:Nodes", name, {}, opts);
    const { plan, cluster, tags } = args;
    const role = nodeRole(name, tags, this);
    const template = launchTemplate(name, args, this);

    this.group = new eks.ManagedNodeGroup(
      name,
      {
        cluster,
        nodeRoleArn: role.arn,
        // Without it the group would take every subnet of the cluster, private ones included.
        subnetIds: [...args.subnetIds],
        version: args.kubernetesVersion,
        amiType: plan.architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
        instanceTypes: [...plan.instanceTypes],
        capacityType: plan.capacityType,
        scalingConfig: { minSize: plan.count, desiredSize: plan.count, maxSize: plan.count + 1 },
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        tags: { ...tags },
      },
      {
        parent: this,
        // A node group does not inherit its cluster's provider: it would fall to a default one without a region.
        providers: { aws: args.provider },
        // The policies must outlive the nodes: without them AWS cannot clean up their network interfaces.
        dependsOn: [...role.attachments, ...args.connected],
      },
    );
    this.registerOutputs({ nodeRoleArn: role.arn });
  }
}

interface NodeRole {
  readonly arn: pulumi.Output<string>;
  readonly attachments: readonly pulumi.Resource[];
}

function nodeRole(name: string, tags: Tags, parent: pulumi.Resource): NodeRole {
  const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trustDocument(nodeTrust), tags }, { parent });
  const attachments = nodePolicies.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-role-${policy.name}`,
        { role: role.name, policyArn: managedPolicyArn(policy) },
        { parent },
      ),
  );
  return { arn: role.arn, attachments };
}

/** A node group's tags reach neither its instances nor their disks and interfaces; those of its template do. */
function launchTemplate(name: string, { plan, tags }: NodesArgs, parent: pulumi.Resource): aws.ec2.LaunchTemplate {
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      // Two hops: a pod is one hop further from the instance's metadata than its node. Amazon's default for EKS.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 2 },
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeSize: plan.diskSize, volumeType: "gp3", encrypted: "true" } },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: name },
      })),
      tags: { ...tags, Name: name },
    },
    { parent },
  );
}
