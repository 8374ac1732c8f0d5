/**
 * Pulumi's pack for the CIS benchmark of EKS, by its own ids and sections
 * (https://www.pulumi.com/docs/reference/pre-built-policy-packs/cis-kubernetes/aws/). Its page lists what each policy
 * is for, not how it judges: the laws are ours.
 */
import type { ResourceGraph } from "../lab/recorder/graph.ts";
import { eksClusters, networkPolicies, nodeGroups } from "./laws/eks.ts";
import { field, inSameCluster } from "./laws/law.ts";
import { list, text } from "./laws/values.ts";
import type { Policies } from "./policy.ts";

const source = "https://www.pulumi.com/docs/reference/pre-built-policy-packs/cis-kubernetes/aws/";

/** Policies of that pack that nothing in a lab can break or keep, with the reason. */
export const notApplicable: Readonly<Record<string, string>> = {
  "eks-ecr-image-scanning-enabled": "A lab makes no image repository: images come from where `artifacts` says.",
  "eks-ecr-private-repository": "A lab makes no image repository: images come from where `artifacts` says.",
};

/** What a node may do: join its cluster, give pods addresses, pull images. https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
const nodePolicies = /policy\/(AmazonEKSWorkerNodePolicy|AmazonEKS_CNI_Policy|AmazonEC2ContainerRegistryPullOnly)$/;
/** Kubelet settings that the benchmark's section 3.2 forbids. */
const looseKubelet = /anonymous-?auth["=:\s]+(enabled["=:\s]+)?true|AlwaysAllow|read-?only-?port["=:\s]+[1-9]/i;

export const cisEksPolicies: Policies = {
  "eks-cluster-audit-logging-enabled": {
    what: "EKS writes an audit log of every request to the API server.",
    source,
    cis: "2.1",
    severity: "medium",
    law: (graph) =>
      eksClusters(graph)
        .filter(({ logTypes }) => !logTypes.includes("audit"))
        .map(({ urn }) => `${urn} writes no audit log.`),
  },
  "eks-cluster-cloudwatch-logs-enabled": {
    what: "EKS sends logs of its control plane to CloudWatch.",
    source,
    cis: "2.1",
    severity: "low",
    law: (graph) =>
      eksClusters(graph)
        .filter(({ logTypes }) => logTypes.length === 0)
        .map(({ urn }) => `${urn} sends no logs of its control plane to CloudWatch.`),
  },
  "eks-node-group-launch-template-required": {
    what: "Nodes are made from a launch template, so that all are alike.",
    source,
    cis: "3.1-3.2",
    severity: "medium",
    law: (graph) =>
      nodeGroups(graph)
        .filter(({ inputs }) => field(inputs, "launchTemplate", "id") === undefined)
        .map(({ urn }) => `${urn} has no launch template.`),
  },
  "eks-launch-template-kubelet-config": {
    what: "No launch template loosens the kubelet's authentication or authorization.",
    source,
    cis: "3.1-3.2",
    severity: "high",
    law: (graph) =>
      graph
        .byType("aws:ec2/launchTemplate:LaunchTemplate")
        .filter(({ inputs }) => looseKubelet.test(decoded(inputs["userData"])))
        .map(({ urn }) => `${urn} opens the kubelet to whoever reaches it.`),
  },
  "eks-cluster-access-manager-enabled": {
    what: "Who may use a cluster is said by access entries.",
    source,
    cis: "4.1",
    severity: "high",
    law: (graph) =>
      eksClusters(graph)
        .filter(({ authenticationMode }) => !["API", "API_AND_CONFIG_MAP"].includes(String(authenticationMode)))
        .map(({ urn }) => `${urn} takes no access entries.`),
  },
  "eks-iam-authenticator-enabled": {
    what: "People log in with IAM alone.",
    source,
    cis: "4.1",
    severity: "medium",
    law: (graph) =>
      graph
        .byType("aws:eks/identityProviderConfig:IdentityProviderConfig")
        .map(({ urn }) => `${urn} lets people in whom IAM does not know.`),
  },
  "eks-service-accounts-iam-role-binding": {
    what: "A pod that needs AWS has a role of its own, bound to its service account.",
    source,
    cis: "5.2-5.3",
    severity: "high",
    law: (graph) => [
      ...graph
        .byType("aws:eks/podIdentityAssociation:PodIdentityAssociation")
        .filter(({ inputs }) =>
          [inputs["namespace"], inputs["serviceAccount"]].some((name) => /^$|\*/.test(text(name))),
        )
        .map(({ urn }) => `${urn} names no single service account.`),
      ...graph
        .byType("kubernetes:helm.sh/v3:Release")
        .filter(({ inputs }) => inputs["name"] === "aws-load-balancer-controller")
        .filter((release) => !hasIdentity(graph, release.urn))
        .map(({ urn }) => `${urn} would use its node's rights in AWS.`),
    ],
  },
  "eks-secrets-encryption-kms-enabled": {
    what: "Kubernetes' Secrets are encrypted with a key of one's own.",
    source,
    cis: "5.2-5.3",
    severity: "medium",
    law: (graph) =>
      eksClusters(graph)
        .filter(({ secretsKey }) => secretsKey === undefined)
        .map(({ urn }) => `${urn} encrypts its Secrets with AWS's key, not with one of your own.`),
  },
  "eks-node-group-iam-role-minimal-policy": {
    what: "Nodes may do what a node needs and no more.",
    source,
    cis: "5.2-5.3",
    severity: "high",
    law: (graph) =>
      graph
        .byType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        .filter(({ parent }) => graph.find(parent ?? "")?.type === "istio-lab:eks:Nodes")
        .filter(({ inputs }) => !nodePolicies.test(text(inputs["policyArn"])))
        .map(({ urn, inputs }) => `${urn} gives nodes ${text(inputs["policyArn"])}.`),
  },
  "eks-cluster-endpoint-restrict-public-access": {
    what: "The API server does not answer the whole internet.",
    source,
    cis: "5.4",
    severity: "medium",
    law: (graph) =>
      eksClusters(graph)
        .filter(({ openTo }) => openTo.includes("0.0.0.0/0"))
        .map(({ urn }) => `${urn} answers everybody who knows its address: set endpoint.publicAccessCidrs.`),
  },
  "eks-network-policy-enabled": {
    what: "The VPC CNI enforces NetworkPolicies.",
    source,
    cis: "5.4",
    severity: "medium",
    law: (graph) =>
      networkPolicies(graph)
        .filter(({ enforced }) => !enforced)
        .map(({ node }) =>
          inSameCluster(graph, node, "kubernetes:networking.k8s.io/v1:NetworkPolicy").length > 0
            ? `${node.urn} holds NetworkPolicies and enforces none of them.`
            : `${node.urn} enforces no NetworkPolicy.`,
        ),
  },
  "eks-load-balancer-tls-encryption": {
    what: "What a load balancer lets in from the internet is encrypted.",
    source,
    cis: "5.4",
    severity: "medium",
    law: (graph) =>
      graph
        .byType("kubernetes:core/v1:Service")
        .filter(({ inputs }) => field(inputs, "spec", "type") === "LoadBalancer")
        .filter(
          ({ inputs }) =>
            field(inputs, "metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-scheme") !==
            "internal",
        )
        .filter(({ inputs }) => list(field(inputs, "spec", "ports")).some((port) => field(port, "port") === 80))
        .map(({ urn }) => `${urn} lets plain HTTP in from the internet.`),
  },
};

function hasIdentity(graph: ResourceGraph, release: string): boolean {
  const identities = graph.byType("aws:eks/podIdentityAssociation:PodIdentityAssociation");
  return identities.some((identity) => graph.dependsTransitively(graph.get(release), identity));
}

/** User data travels in base64. */
function decoded(userData: unknown): string {
  return `${text(userData)} ${Buffer.from(text(userData), "base64").toString("utf8")}`;
}
