import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../topology/types.ts";
import { type ClusterHandle, createProvider, type Dependencies } from "./in-cluster.ts";
import type { Network } from "./network.ts";
import { Nodes } from "./nodes.ts";
import type { Tags } from "./tags.ts";

export interface ClusterArgs {
  readonly plan: ClusterPlan;
  readonly network: Network;
  /** What makes the VPC's peerings carry packets; it outlives the nodes. */
  readonly links: Dependencies;
  /** Blocks that a restricted public endpoint lets in beside those of the plan. */
  readonly readers: readonly pulumi.Output<string>[];
  readonly tags: Tags;
  /** The provider of the cluster's region. */
  readonly provider: aws.Provider;
}

/**
 * One EKS cluster with nodes: a cluster of Istio's
 * [cluster models](https://istio.io/latest/docs/ops/deployment/deployment-models/#cluster-models), without Istio.
 *
 * Creates: the EKS cluster with its role, VPC CNI and kube-proxy; a node group; the add-ons CoreDNS and Pod Identity;
 * a Kubernetes provider; where VPCs are peered, rules that admit the peers by their blocks.
 * Cost: the control plane $0.10 per hour ($0.60 in extended support, which is switched off: AWS then upgrades by
 * itself); nodes as `Nodes` says.
 * Defaults: access entries instead of the aws-auth ConfigMap; whoever runs `pulumi up` administers the cluster; the
 * API answers inside the VPC and, unless restricted, on the internet.
 * Leaves out: an OIDC provider, the EBS CSI driver and so persistent volumes, metrics-server, control plane logs. The
 * versions of VPC CNI and kube-proxy are the newest for the Kubernetes version: a later `up` may update them.
 */
export class Cluster extends pulumi.ComponentResource implements ClusterHandle {
  readonly eks: eks.Cluster;
  readonly goesWith: pulumi.Resource;
  readonly provider: k8s.Provider;
  /** The name in AWS. */
  readonly eksName: pulumi.Output<string>;
  readonly apiServer: pulumi.Output<string>;
  /** Secret. Works for whoever may use the `aws` command with the rights of an administrator. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly ready: Dependencies;

  constructor(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:eks:Cluster", name, {}, opts);
    this.eks = eksCluster(name, args, this);
    this.goesWith = this.eks;
    this.eksName = this.eks.eksCluster.name;
    this.apiServer = this.eks.eksCluster.endpoint;
    this.kubeconfig = pulumi.secret(this.eks.kubeconfigJson);

    const admissions = this.#admissions(name, args);
    const nodes = new Nodes(`${name}-nodes`, this.#nodesArgs(args), { parent: this });
    const { kubeconfig } = this;
    // An object that was made while its answer was lost is taken over by the next `up` instead of being refused as
    // existing. Only here: in a cluster that the lab made there is nobody else's.
    this.provider = createProvider(`${name}-k8s`, { kubeconfig, upsertExistingObjects: true }, this);
    const addons = ["coredns", "eks-pod-identity-agent"].map((addon) => this.#addon(name, addon, nodes, args.tags));
    this.ready = [nodes.group, ...addons, ...admissions];
    this.registerOutputs({ eksName: this.eksName, apiServer: this.apiServer, kubeconfig: this.kubeconfig });
  }

  #nodesArgs({ plan, network, links, tags, provider }: ClusterArgs): ConstructorParameters<typeof Nodes>[1] {
    const subnetIds = plan.nodes.private ? network.privateSubnetIds : network.publicSubnetIds;
    const connected = [...network.connected, ...links];
    const kubernetesVersion = this.eks.eksCluster.version;
    return { plan: plan.nodes, cluster: this.eks, kubernetesVersion, subnetIds, tags, provider, connected };
  }

  /**
   * Lets joined VPCs in, on the one group that nodes and control plane share. By block, because a rule cannot name a
   * group of another region (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html).
   */
  #admissions(name: string, { plan, tags, provider }: ClusterArgs): Dependencies {
    const securityGroupId = this.eks.clusterSecurityGroupId;
    return plan.vpc.peers.flatMap(({ cluster, cidr, admits }) =>
      admits === "nothing"
        ? []
        : new aws.vpc.SecurityGroupIngressRule(
            `${name}-from-${cluster}`,
            {
              securityGroupId,
              cidrIpv4: cidr,
              ...admitted[admits],
              tags: { ...tags, Name: `${name}-from-${cluster}` },
            },
            { parent: this, provider },
          ),
    );
  }

  /** After the nodes, without which an add-on waits in vain and fails after twenty minutes. */
  #addon(name: string, addonName: string, nodes: Nodes, tags: Tags): aws.eks.Addon {
    return new aws.eks.Addon(
      `${name}-${addonName}`,
      {
        clusterName: this.eksName,
        addonName,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        tags,
      },
      // Gone with its cluster: until then pods that are taken down can still resolve names.
      { parent: this, dependsOn: [nodes.group], deletedWith: this.eks },
    );
  }
}

const admitted = {
  everything: { ipProtocol: "-1" },
  "kubernetes-api": { ipProtocol: "tcp", fromPort: 443, toPort: 443 },
} as const;

function eksCluster(
  name: string,
  { plan, network, readers, tags, provider }: ClusterArgs,
  parent: pulumi.Resource,
): eks.Cluster {
  const { publicAccessCidrs } = plan.endpoint;
  return new eks.Cluster(
    name,
    {
      version: plan.kubernetesVersion,
      // Rather be asked to upgrade than pay six times the price from one day to the next.
      upgradePolicy: { supportType: "STANDARD" },
      vpcId: network.vpcId,
      publicSubnetIds: [...network.publicSubnetIds],
      kubernetesServiceIpAddressRange: plan.serviceCidr,
      authenticationMode: eks.AuthenticationMode.Api,
      accessEntries: accessEntries(plan.access, tags),
      // Said aloud, because only then does the component wait for the API server to answer.
      endpointPublicAccess: plan.endpoint.public,
      endpointPrivateAccess: true,
      // EKS takes blocks for a public endpoint only.
      ...(plan.endpoint.public && publicAccessCidrs.length > 0
        ? { publicAccessCidrs: [...publicAccessCidrs, ...readers] }
        : {}),
      skipDefaultNodeGroup: true,
      // Managed nodes and the control plane share the group that EKS makes; others would only hinder destroy.
      skipDefaultSecurityGroups: true,
      vpcCniOptions: {
        // Starts the CNI's node agent; without it the API server takes NetworkPolicies and nobody minds them.
        ...(plan.tenants.some(({ networkPolicy }) => networkPolicy) ? { enableNetworkPolicy: true } : {}),
        configurationValues: { env: cniEnvironment(plan, tags) },
      },
      tags,
    },
    { parent, providers: { aws: provider }, dependsOn: [...network.connected] },
  );
}

type AccessEntries = NonNullable<eks.ClusterArgs["accessEntries"]>;

/** Tenants' principals get no policy of EKS: what their groups may do is said in the cluster. */
function accessEntries({ admins, tenants }: ClusterPlan["access"], tags: Tags): AccessEntries {
  const entries: AccessEntries = {};
  for (const arn of admins) entries[entryName(arn)] = administrator(arn, tags);
  for (const { arn, groups } of tenants) {
    entries[entryName(arn)] = { principalArn: arn, kubernetesGroups: [...groups], tags };
  }
  return entries;
}

/**
 * Packets of pods to outside the VPC carry their node's address, unless the CNI is told which blocks are no strangers
 * (https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html).
 */
function cniEnvironment({ vpc }: ClusterPlan, tags: Tags): pulumi.Inputs {
  const peers = vpc.peers.map(({ cidr }) => cidr).join(",");
  return {
    ADDITIONAL_ENI_TAGS: pulumi.jsonStringify(tags),
    ...(peers === "" ? {} : { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: peers }),
  };
}

/** Who may do everything in the cluster, and so may also destroy the lab. */
function administrator(principalArn: string, tags: Tags): AccessEntries[string] {
  return {
    principalArn,
    accessPolicies: {
      admin: {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
    },
    tags,
  };
}

/** Part of a logical name: account, kind and name of a principal, such as `111122223333-role-istio-lab`. */
function entryName(arn: string): string {
  return arn
    .split(":")
    .slice(4)
    .join("-")
    .replace(/[^A-Za-z0-9]+/g, "-");
}
