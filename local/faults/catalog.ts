import type { Props } from "../aws/resource.ts";
import type { Fault } from "../cloud/faults.ts";

/** What a creation can fail with: AWS's or Kubernetes' code and words, and in which way. */
interface Failure {
  readonly how: Fault["how"];
  readonly code: string;
  readonly message: string;
  readonly state?: Props;
}

/**
 * How the creation of each type of resource fails. The words are those of the services' own pages:
 * - EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 * - IAM: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html#API_CreateRole_Errors
 * - EKS: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html#API_CreateCluster_Errors,
 *   https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html for node groups, API_AddonIssue.html for add-ons
 * - Kubernetes: https://kubernetes.io/docs/reference/using-api/api-concepts/,
 *   https://kubernetes.io/docs/concepts/policy/resource-quotas/
 *
 * Half made in AWS is what the real provider makes by several calls, of which a later one fails: it attaches an internet
 * gateway, and sets attributes of VPCs and subnets, after it has created them
 * (https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/ec2).
 */
const byType: Readonly<Record<string, readonly Failure[]>> = {
  "aws:ec2/vpc:Vpc": [
    refused("VpcLimitExceeded", "The maximum number of VPCs has been reached."),
    half("RequestLimitExceeded", "modifying EnableDnsHostnames: Request limit exceeded.", {
      enableDnsHostnames: false,
    }),
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    refused("InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached."),
    half("RequestLimitExceeded", "attaching EC2 Internet Gateway: Request limit exceeded.", { vpcId: "" }),
  ],
  "aws:ec2/subnet:Subnet": [
    refused("SubnetLimitExceeded", "The maximum number of subnets has been reached."),
    half("RequestLimitExceeded", "setting EC2 Subnet MapPublicIpOnLaunch: Request limit exceeded.", {
      mapPublicIpOnLaunch: false,
    }),
  ],
  "aws:ec2/routeTable:RouteTable": [
    refused("RouteTableLimitExceeded", "The maximum number of route tables has been reached."),
  ],
  "aws:ec2/route:Route": [refused("RequestLimitExceeded", "Request limit exceeded.")],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [refused("RequestLimitExceeded", "Request limit exceeded.")],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    refused("UnauthorizedOperation", "You are not authorized to perform this operation."),
  ],
  "aws:iam/role:Role": [refused("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000")],
  "aws:iam/policy:Policy": [
    refused("AccessDenied", "User is not authorized to perform: iam:CreatePolicy because no policy allows it"),
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [refused("Throttling", "Rate exceeded")],
  "aws:eks/cluster:Cluster": [
    refused("ResourceLimitExceededException", "Account limit exceeded: the limit of clusters has been reached"),
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    refused("ResourceInUseException", "Cluster has an update in progress: InvalidRequest"),
    half(
      "AsgInstanceLaunchFailures",
      "unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: Could not launch On-Demand Instances. " +
        "InsufficientInstanceCapacity - We currently do not have sufficient t3.large capacity in the zone you requested.",
      { status: "CREATE_FAILED" },
    ),
  ],
  "aws:eks/addon:Addon": [
    refused("ServerException", "These errors are usually caused by a server-side issue."),
    // It stays, and is healthy once its pods are.
    half("InsufficientNumberOfReplicas", "timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED')"),
  ],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": [
    refused("ServerException", "These errors are usually caused by a server-side issue."),
  ],
  "kubernetes:core/v1:Namespace": [
    refused("500", "Internal error occurred: etcdserver: leader changed"),
    lost("500", "etcdserver: request timed out"),
  ],
  "kubernetes:core/v1:Secret": [
    refused(
      "403",
      'secrets is forbidden: exceeded quota: objects, requested: secrets=1, used: secrets=9, limited: "9"',
    ),
    lost("500", "etcdserver: request timed out"),
  ],
  "kubernetes:core/v1:ServiceAccount": [
    refused("409", "Operation cannot be fulfilled: the object has been modified; please apply your changes"),
    lost("500", "etcdserver: request timed out"),
  ],
  "kubernetes:core/v1:Service": [
    refused("500", "Internal error occurred: failed to allocate a serviceIP: range is full"),
    half("Timeout", "timed out waiting to be Ready: Service was not allocated an IP address"),
  ],
  "kubernetes:apps/v1:Deployment": [
    refused("500", 'failed calling webhook "object.sidecar-injector.istio.io": context deadline exceeded'),
    half("Timeout", "timed out waiting to be Ready: Minimum number of live Pods was not attained"),
  ],
  "kubernetes:helm.sh/v3:Release": [
    refused("403", "create: failed to create: secrets is forbidden: exceeded quota: objects, requested: secrets=1"),
    half("Timeout", "failed to become available within allocated timeout: context deadline exceeded"),
  ],
};

/** Objects of Istio's API are judged by istiod; keys and ids are made by a plugin, which may die. */
const byPackage: readonly (readonly [RegExp, readonly Failure[]])[] = [
  [
    /^kubernetes:.*istio\.io\//,
    [
      refused(
        "500",
        'Internal error occurred: failed calling webhook "validation.istio.io": context deadline exceeded',
      ),
      lost("504", "Timeout: request did not complete within the allotted timeout"),
    ],
  ],
  [/^(tls|random):/, [refused("Unavailable", "rpc error: code = Unavailable desc = error reading from server: EOF")]],
];

/** The ways in which creations of a type fail: refused first. @throws Error for a type that nobody has thought about */
export function failuresOf(type: string): readonly Failure[] {
  const found = byType[type] ?? byPackage.find(([pattern]) => pattern.test(type))?.[1];
  if (!found) throw new Error(`local/faults/catalog.ts does not say how the creation of ${type} fails`);
  return found;
}

/** The fault of one kind for a resource, if its type can fail so. */
export function faultFor(urn: string, type: string, kind: "refused" | "made"): Fault | undefined {
  const failure = failuresOf(type).find(({ how }) => (how === "refused") === (kind === "refused"));
  return failure && { urn, ...failure };
}

function refused(code: string, message: string): Failure {
  return { how: "refused", code, message };
}

function half(code: string, message: string, state?: Props): Failure {
  return { how: "half-made", code, message, ...(state ? { state } : {}) };
}

function lost(code: string, message: string): Failure {
  return { how: "answer-lost", code, message };
}
