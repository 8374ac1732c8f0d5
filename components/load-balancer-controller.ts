import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { loadBalancerControllerChart } from "../istio/charts.ts";
import type { ArtifactsPlan } from "../topology/types.ts";
import type { Cluster } from "./cluster.ts";
import { policyDocument, trustDocument } from "./iam.ts";
import { createRelease, owningInAws } from "./in-cluster.ts";
import { loadBalancerStatements, loadBalancerTrust } from "./load-balancer-policy.ts";
import type { Tags } from "./tags.ts";

export interface LoadBalancerControllerArgs {
  readonly cluster: Cluster;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  readonly artifacts: ArtifactsPlan;
  /** For the load balancers, target groups and security groups that the controller makes. */
  readonly tags: Tags;
}

const namespace = "kube-system";
const serviceAccount = "aws-load-balancer-controller";

/**
 * The AWS Load Balancer Controller, which turns a gateway's Service into a Network Load Balancer: the way into a
 * network that Istio's [multiple networks](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-networks)
 * presuppose.
 *
 * Creates: an IAM role with a policy, its association with the controller's service account, the Helm release.
 * Cost: nothing; each load balancer that it makes $0.0225 per hour and $0.005 for each zone's public address.
 * Defaults: one replica; only Services that name its class are its business.
 * Leaves out: Ingresses, Gateway API, web application firewalls.
 */
export class LoadBalancerController extends pulumi.ComponentResource {
  /** Services of its class need it from before they exist until they are gone, or they never go. */
  readonly release: pulumi.Resource;

  constructor(name: string, args: LoadBalancerControllerArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:eks:LoadBalancerController", name, {}, opts);
    const permissions = podIdentity(name, args, this);
    this.release = createRelease(
      name,
      {
        release: "aws-load-balancer-controller",
        namespace,
        chart: loadBalancerControllerChart(args.artifacts),
        values: controllerValues(args),
        timeout: 600,
      },
      owningInAws(args.cluster, this, [...args.cluster.ready, ...permissions]),
    );
    this.registerOutputs({});
  }
}

/** Rights for the controller's pods; they must be there before the pods are, and until their last load balancer went. */
function podIdentity(
  name: string,
  { cluster, tags }: LoadBalancerControllerArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const assumeRolePolicy = trustDocument(loadBalancerTrust);
  const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy, tags }, { parent });
  const rights = policyDocument(loadBalancerStatements);
  const policy = new aws.iam.Policy(`${name}-policy`, { policy: rights, tags }, { parent });
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-policy`,
    { role: role.name, policyArn: policy.arn },
    { parent },
  );
  const association = new aws.eks.PodIdentityAssociation(
    `${name}-identity`,
    { clusterName: cluster.eksName, namespace, serviceAccount, roleArn: role.arn, tags },
    { parent, dependsOn: [attachment] },
  );
  return [attachment, association];
}

function controllerValues({ cluster, region, vpcId, tags }: LoadBalancerControllerArgs): pulumi.Inputs {
  return {
    clusterName: cluster.eksName,
    // Both are said, because asking the instance's metadata for them fails on Amazon Linux 2023.
    region,
    vpcId,
    replicaCount: 1,
    serviceAccount: { name: serviceAccount },
    defaultTags: { ...tags },
    // Else its webhook would have to answer before anybody may make a Service, load balancer or not.
    enableServiceMutatorWebhook: false,
    // Rights for these are not granted, and nothing here needs them.
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
  };
}
