/**
 * Where the lab does not do what a policy asks, and why. Each excuses objections, never a policy; one that no stack
 * file of the repository needs any more fails the tests.
 */
export interface Exception {
  readonly policy: string;
  /** Which of the policy's objections. */
  readonly about: RegExp;
  readonly reason: string;
}

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
    policy: "eks-secrets-encryption-kms-enabled",
    about: / encrypts its Secrets with AWS's key/,
    reason:
      "EKS encrypts everything with a key of AWS's since Kubernetes 1.28 (https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html). A key of one's own costs $1 per month and cannot be deleted before seven days: destroy would leave it.",
  },
  {
    policy: "eks-cluster-endpoint-restrict-public-access",
    about: / answers everybody /,
    reason:
      "The address of whoever learns here is not known. `endpoint.publicAccessCidrs` closes it, and `lab plan` prints everything that is open to the world.",
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
  },
  {
    policy: "istio-cni-instead-of-init",
    about: /-istiod\S* gives each pod's/,
    reason:
      "Istio's default, and what its pages show. `mesh.cni: true` changes it, and pod security of tenants demands it.",
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
    about: /OpenTheNodesToLoadBalancers\.$/,
    reason:
      "The controller opens the cluster's own security group to its load balancers, and EKS makes that group without the mark by which a condition could tell it.",
  },
  {
    policy: "iam-resources-are-bounded",
    about: /ChangeListeners\.$/,
    reason:
      "Listeners and rules carry no mark when they are made, so no condition can hold them to the controller's own load balancers.",
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
  },
  {
    policy: "istio-mtls-strict",
    about: /::external-istio-istiod lets workloads/,
    reason: "The cluster of an external control plane runs no workloads that could be called.",
  },
];
