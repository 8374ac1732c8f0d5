/** What the policies of the CIS pack must catch. */
import { withInputs } from "../laws/mistakes.ts";
import {
  asIs,
  attachment,
  audited,
  container,
  curl,
  eks,
  group,
  harmless,
  igw,
  ingress,
  inside,
  instead,
  istiod,
  mtls,
  pod,
  port,
  role,
  template,
  type Twin,
} from "./mistakes.ts";

export const cisTwins: Readonly<Record<string, readonly Twin[]>> = {
  "eks-cluster-audit-logging-enabled": [
    { ...eks, right: audited, wrong: withInputs({ enabledClusterLogTypes: ["api"] }) },
    {
      ...eks,
      right: instead("aws:eks/cluster:Cluster", { enabledClusterLogTypes: ["audit"] }),
      wrong: instead("aws:eks/cluster:Cluster"),
    },
  ],
  "eks-cluster-cloudwatch-logs-enabled": [{ ...eks, right: audited, wrong: asIs }],
  "eks-node-group-launch-template-required": [{ ...group, wrong: withInputs({ launchTemplate: {} }) }],
  "eks-launch-template-kubelet-config": [
    {
      ...template,
      right: withInputs({ userData: btoa("kubelet:\n  config:\n    maxPods: 30\n") }),
      wrong: withInputs({ userData: btoa("authentication:\n  anonymous:\n    enabled: true\nanonymous-auth=true") }),
    },
    { ...template, wrong: withInputs({ userData: btoa('{"authorization": {"mode": "AlwaysAllow"}}') }) },
    { ...template, wrong: withInputs({ userData: btoa("--read-only-port=10255") }) },
  ],
  "eks-cluster-access-manager-enabled": [
    { ...eks, wrong: withInputs({ authenticationMode: "CONFIG_MAP" }) },
    {
      ...eks,
      right: instead("aws:eks/cluster:Cluster", { accessConfig: { authenticationMode: "API" } }),
      wrong: instead("aws:eks/cluster:Cluster", { accessConfig: { authenticationMode: "CONFIG_MAP" } }),
    },
  ],
  "eks-iam-authenticator-enabled": [
    { ...igw, wrong: instead("aws:eks/identityProviderConfig:IdentityProviderConfig") },
  ],
  "k8s-cluster-admin-role-binding-minimized": [
    {
      ...mtls,
      right: instead("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", { roleRef: { name: "view" } }),
      wrong: instead("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", {
        roleRef: { name: "cluster-admin" },
      }),
    },
  ],
  "k8s-rbac-secret-access-minimized": [
    { ...mtls, right: harmless, wrong: role({ resources: ["configmaps", "secrets"], verbs: ["list"] }) },
    { ...mtls, right: harmless, wrong: role({ resources: ["*"] }) },
  ],
  "k8s-rbac-wildcard-use-minimized": [{ ...mtls, right: harmless, wrong: role({ verbs: ["*"] }) }],
  "k8s-rbac-create-pods-minimized": [
    { ...mtls, right: harmless, wrong: role({ resources: ["pods"], verbs: ["create"] }) },
  ],
  "k8s-rbac-bind-impersonate-escalate-minimized": [
    { ...mtls, right: harmless, wrong: role({ resources: ["users"], verbs: ["impersonate"] }) },
  ],
  "k8s-default-service-accounts-not-used": [{ ...curl, wrong: pod({ serviceAccountName: "default" }) }],
  "k8s-service-account-token-mounted-minimized": [
    {
      ...curl,
      right: pod({ automountServiceAccountToken: false }),
      wrong: pod({ automountServiceAccountToken: true }),
    },
  ],
  "k8s-pod-security-privileged-containers-minimized": [
    { ...curl, wrong: container({ securityContext: { privileged: true } }) },
  ],
  "k8s-pod-security-host-pid-minimized": [{ ...curl, wrong: pod({ hostPID: true }) }],
  "k8s-pod-security-host-ipc-minimized": [{ ...curl, wrong: pod({ hostIPC: true }) }],
  "k8s-pod-security-host-network-minimized": [
    { ...curl, wrong: pod({ hostNetwork: true }) },
    { ...curl, wrong: instead("kubernetes:core/v1:Pod", { spec: { hostNetwork: true } }) },
  ],
  "k8s-pod-security-allow-privilege-escalation-minimized": [
    {
      ...curl,
      right: container({ securityContext: { allowPrivilegeEscalation: false } }),
      wrong: container({ securityContext: { allowPrivilegeEscalation: true } }),
    },
    { ...curl, wrong: pod({ initContainers: [{ securityContext: { allowPrivilegeEscalation: true } }] }) },
  ],
  "k8s-secrets-as-files-not-env-vars": [
    {
      ...curl,
      right: container({ env: [{ name: "A", value: "b" }] }),
      wrong: container({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }),
    },
    { ...curl, wrong: container({ envFrom: [{ secretRef: { name: "s" } }] }) },
  ],
  "k8s-default-namespace-not-used": [
    { ...curl, wrong: inside(["metadata", "namespace"], "default") },
    { ...istiod, wrong: withInputs({ namespace: "default" }) },
  ],
  "eks-service-accounts-iam-role-binding": [
    { name: "east-load-balancers-identity", wrong: withInputs({ serviceAccount: "*" }) },
    {
      name: "east-load-balancers-identity",
      wrong: instead("aws:eks/addon:Addon"),
      about: /::east-load-balancers would use its node's rights/,
    },
  ],
  "eks-secrets-encryption-kms-enabled": [
    { ...eks, right: withInputs({ encryptionConfigKeyArn: "arn:aws:kms:us-east-1:1:key/a" }), wrong: asIs },
  ],
  "eks-node-group-iam-role-minimal-policy": [
    { ...attachment, wrong: withInputs({ policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }) },
  ],
  "eks-cluster-endpoint-restrict-public-access": [
    { ...eks, right: withInputs({ publicAccessCidrs: ["192.0.2.0/24"] }), wrong: asIs },
    {
      ...eks,
      right: withInputs({ endpointPublicAccess: false }),
      wrong: withInputs({ publicAccessCidrs: ["0.0.0.0/0"] }),
    },
  ],
  "eks-network-policy-enabled": [
    { ...eks, right: withInputs({ vpcCniOptions: { enableNetworkPolicy: true } }), wrong: asIs },
    {
      ...igw,
      right: instead("aws:eks/addon:Addon", {
        addonName: "vpc-cni",
        configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
      }),
      wrong: instead("aws:eks/addon:Addon", { addonName: "vpc-cni", configurationValues: "{}" }),
    },
  ],
  "eks-load-balancer-tls-encryption": [{ ...ingress, right: port({}), wrong: port({ port: 80 }) }],
};
