import type { ResourceGraph, ResourceNode } from "../lab/recorder/graph.ts";
import { deniesByDefault } from "./laws/istio.ts";
import { inSameCluster, privateSubnetsOf } from "./laws/law.ts";

/**
 * Where the lab does not do what a policy asks, and why. Each excuses objections, never a policy; one that no stack
 * file of the repository needs any more fails the tests.
 */
export interface Exception {
  readonly policy: string;
  /** Which of the policy's objections. */
  readonly about: RegExp;
  readonly reason: string;
  /** Whether the reason is true of what is objected to. Without this it is true in every lab. */
  readonly where?: (graph: ResourceGraph, node: ResourceNode) => boolean;
}

const tenantsBeside = (graph: ResourceGraph, node: ResourceNode): readonly ResourceNode[] =>
  inSameCluster(graph, node, "istio-lab:workload:Tenant");
const hasNoTenants = (graph: ResourceGraph, node: ResourceNode): boolean => tenantsBeside(graph, node).length === 0;

/** Nothing runs in the cluster but tenants, and the namespace of each denies by default. */
const runsClosedTenantsOnly = (graph: ResourceGraph, node: ResourceNode): boolean =>
  !hasNoTenants(graph, node) &&
  inSameCluster(graph, node, "istio-lab:workload:Sample").length === 0 &&
  tenantsBeside(graph, node).every((tenant) =>
    graph.subtreeOf(tenant).some((each) => each.type.endsWith(":AuthorizationPolicy") && deniesByDefault(each)),
  );

const hasPrivateNodes = (graph: ResourceGraph, node: ResourceNode): boolean =>
  inSameCluster(graph, node, "eks:index:ManagedNodeGroup").some((group) => privateSubnetsOf(graph, group).length > 0);

const hasDomain = (graph: ResourceGraph): boolean => graph.byType("aws:route53/record:Record").length > 0;

const isOutsideControlPlane = (graph: ResourceGraph, node: ResourceNode): boolean =>
  inSameCluster(graph, node, "istio-lab:mesh:ExternalControlPlane").length > 0;

export const exceptions: readonly Exception[] = [
  {
    policy: "eks-cluster-audit-logging-enabled",
    about: / writes no audit log\.$/,
    reason:
      "CloudWatch keeps what it was sent, and asks for it, after `pulumi destroy`. Whoever wants an audit turns it on where it is to stay.",
  },
  {
    policy: "eks-cluster-cloudwatch-logs-enabled",
    about: / sends no logs /,
    reason: "As above: $0.50 per GB that comes in, and log groups that outlive the lab.",
  },
  {
    policy: "k8s-service-account-token-mounted-minimized",
    about: /Sample\$/,
    reason: "Istio's samples, which their pages let a reader call the API server from.",
  },
  {
    policy: "k8s-service-account-token-mounted-minimized",
    about: /-observability-prometheus(-agent)? mounts/,
    reason:
      "Prometheus asks the API server for the pods and nodes whose metrics it gathers, and may do nothing else there.",
  },
  {
    policy: "eks-secrets-encryption-kms-enabled",
    about: / encrypts its Secrets with AWS's key/,
    reason:
      "EKS encrypts everything with a key of AWS's since Kubernetes 1.28 (https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html). A key of one's own costs $1 per month and cannot be deleted before seven days: destroy would leave it.",
  },
  {
    policy: "eks-cluster-endpoint-restrict-public-access",
    about: / answers everybody /,
    reason:
      "The address of whoever learns here is not known. `endpoint.publicAccessCidrs` closes it, and `lab plan` prints everything that is open to the world. A cluster whose nodes are private is not excused: it was to be closed.",
    where: (graph, node) => !hasPrivateNodes(graph, node),
  },
  {
    policy: "eks-network-policy-enabled",
    about: / enforces no NetworkPolicy\.$/,
    reason: "A lab without tenants has no NetworkPolicies to enforce.",
  },
  {
    policy: "eks-load-balancer-tls-encryption",
    about: /-ingress lets plain HTTP in/,
    reason: "Istio's samples are called over plain HTTP; a certificate needs a domain, which a lab has none of.",
    where: (graph) => !hasDomain(graph),
  },
  {
    policy: "eks-load-balancer-tls-encryption",
    about: /-ingress lets plain HTTP in/,
    reason:
      "With `ingress.global` there is a domain, and no certificate yet that the lab could ask for: Istio's samples answer over plain HTTP there too.",
    where: hasDomain,
  },
  {
    policy: "k8s-rbac-secret-access-minimized",
    about: /-tenant-[a-z0-9-]+ reads Secrets\.$/,
    reason: "A tenant's people keep the Secrets of their own namespace. Their Role reaches into no other.",
  },
  {
    policy: "istio-authorization-default-deny",
    about: /-istiod\S* has no AuthorizationPolicy/,
    reason: "A lab without tenants lets its samples call each other, as Istio's pages do.",
    where: hasNoTenants,
  },
  {
    policy: "istio-authorization-default-deny",
    about: /-istiod\S* has no AuthorizationPolicy/,
    reason:
      "Each tenant's namespace denies by default, and nothing else runs there. Samples beside tenants are not excused.",
    where: runsClosedTenantsOnly,
  },
  {
    policy: "istio-authorization-deny-negative",
    about: /-only-exports-to-\S+ denies only what it names/,
    reason:
      "It names another mesh's trust domain, all of it, and lets through what is exported there. Denying whoever is not of the own trust domain would deny users too, who come to the ingress gateway without a certificate.",
  },
  {
    policy: "istio-gateway-hosts-narrow",
    about: /-lab-ingress lets any host in/,
    reason: "A lab has no domain: users call the load balancer by the name that AWS gives it.",
    where: (graph) => !hasDomain(graph),
  },
  {
    policy: "istio-gateway-hosts-narrow",
    about: /-lab-ingress lets any host in/,
    reason:
      "With `ingress.global`, Route 53 asks each cluster for its health under the load balancer's own name, which nobody knows before it is there.",
    where: hasDomain,
  },
  {
    policy: "istio-cni-instead-of-init",
    about: /-istiod\S* gives each pod's/,
    reason:
      "Istio's default, and what its pages show. `mesh.cni: true` changes it. Clusters with tenants are not excused: their pod security demands it.",
    where: hasNoTenants,
  },
  {
    policy: "istio-images-distroless",
    about: /-istiod\S* runs images with a shell/,
    reason: "Exercises look around in proxies. `mesh.values.istiod.global.variant: distroless` changes it.",
  },
  {
    policy: "istio-debug-ports-closed",
    about: /-istiod\S* answers on port 8080/,
    reason: "`istioctl` asks there, and learning Istio is asking it. No load balancer leads to it.",
  },
  {
    policy: "istio-downstream-connections-limited",
    about: /-istiod\S* sets no limit/,
    reason:
      "How many connections are too many depends on the nodes; load tests would measure the limit instead of the mesh.",
  },
  {
    policy: "iam-resources-are-bounded",
    about: / statement OpenTheNodesToLoadBalancers\. /,
    reason:
      "The controller opens the cluster's own security group to its load balancers, and EKS makes that group without the mark by which a condition could tell it.",
  },
  {
    policy: "iam-resources-are-bounded",
    about: / statement (Change|Tag)Listeners\. /,
    reason:
      "Listeners and rules carry no mark when they are made, so no condition can hold them to the controller's own load balancers.",
  },
  {
    policy: "iam-resources-are-bounded",
    about: / statement SendToPods\. /,
    reason:
      "The controller's own release asks for it without a mark, and that AWS heeds one where targets are registered has not been tried.",
  },
  {
    policy: "istio-gateway-hosts-narrow",
    about: /-istiod-gateway lets any host in/,
    reason:
      "It hands TLS on to istiod unopened, under the load balancer's name, which nobody knows before it is there.",
  },
  {
    policy: "cost-no-nat-gateway",
    about: /-network-nat is paid by the hour\.$/,
    reason: "Private nodes were asked for (`nodes.private`), and they reach nothing without it.",
    where: hasPrivateNodes,
  },
  {
    policy: "istio-mtls-strict",
    about: /-istiod\S* lets workloads/,
    reason: "The cluster of an external control plane runs no workloads that could be called.",
    where: isOutsideControlPlane,
  },
];
