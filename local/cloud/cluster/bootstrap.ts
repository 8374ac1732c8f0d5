import type { AddonRecord, ClusterRecord } from "../../aws/runtime.ts";
import { versions } from "../../versions.ts";
import { eventually } from "../exec.ts";
import { addressAt } from "../network/addresses.ts";
import type { KubeClient, KubeObject } from "./kube-client.ts";

/** An object and the collection it belongs to. */
type Placed = [path: string, object: KubeObject & Record<string, unknown>];

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const system = "/api/v1/namespaces/kube-system";

/** EKS's access policies that come down to one of Kubernetes' own cluster roles. */
export const accessPolicyRoles: Record<string, string> = {
  AmazonEKSAdminPolicy: "admin",
  AmazonEKSEditPolicy: "edit",
  AmazonEKSViewPolicy: "view",
  AmazonEKSAdminViewPolicy: "view",
};

/** The group that stands for an access policy with cluster scope. */
export function accessPolicyGroup(policy: string): string {
  return `eks:access-policy:${policy}`;
}

/** What every new cluster has: bindings for access policies. */
export async function bootstrapAccess(client: KubeClient): Promise<void> {
  for (const [policy, role] of Object.entries(accessPolicyRoles)) {
    await client.apply(`${rbac}/clusterrolebindings`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: accessPolicyGroup(policy) },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: accessPolicyGroup(policy) }],
    } as KubeObject);
  }
}

/** CoreDNS behind Service kube-dns; its pods stay Pending until there are nodes, as on EKS. */
export async function installCoreDns(client: KubeClient, cluster: ClusterRecord, replicas = 2): Promise<void> {
  for (const [path, object] of coreDns(addressAt(cluster.serviceCidr, 10), replicas)) await client.apply(path, object);
}

/** The EKS add-on: it is active once its pods are. Of its configuration only `replicaCount` is followed. */
export async function installCoreDnsAddon(
  client: KubeClient,
  cluster: ClusterRecord,
  addon: AddonRecord,
): Promise<void> {
  const count = Number(addon.configuration["replicaCount"] ?? 2);
  await installCoreDns(client, cluster, count);
  await eventually("add-on coredns: its pods", 300, async () => {
    type Deployment = KubeObject & { status?: { availableReplicas?: number } };
    const path = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
    const available = (await client.call<Deployment>("GET", path)).status?.availableReplicas ?? 0;
    if (available >= count) return true;
    throw new Error(`${available} of ${count} are available`);
  });
}

export async function removeCoreDns(client: KubeClient): Promise<void> {
  for (const [path, object] of coreDns("", 0).reverse()) {
    await client.remove(`${path}/${object.metadata.name}?propagationPolicy=Background`);
  }
}

const corefile = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`;

function coreDns(clusterIp: string, replicas: number): Placed[] {
  const labels = { "k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns" };
  const selector = { "k8s-app": "kube-dns" };
  const named = { name: "coredns", namespace: "kube-system" };
  return [
    [`${system}/serviceaccounts`, { apiVersion: "v1", kind: "ServiceAccount", metadata: named }],
    [
      `${rbac}/clusterroles`,
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "system:coredns" },
        rules: [
          { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
          { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
        ],
      },
    ],
    [
      `${rbac}/clusterrolebindings`,
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "system:coredns" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
        subjects: [{ kind: "ServiceAccount", ...named }],
      },
    ],
    [`${system}/configmaps`, { apiVersion: "v1", kind: "ConfigMap", metadata: named, data: { Corefile: corefile } }],
    [`${system}/services`, dnsService(clusterIp, selector)],
    ["/apis/apps/v1/namespaces/kube-system/deployments", dnsDeployment(named, labels, selector, replicas)],
  ];
}

function dnsService(clusterIP: string, selector: Record<string, string>): Placed[1] {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: "kube-system", labels: { ...selector, "kubernetes.io/name": "CoreDNS" } },
    spec: {
      clusterIP,
      selector,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
      ],
    },
  };
}

function dnsDeployment(
  named: { name: string; namespace: string },
  labels: Record<string, string>,
  selector: Record<string, string>,
  replicas: number,
): Placed[1] {
  const probe = (path: string, port: number): object => ({ httpGet: { path, port }, periodSeconds: 3 });
  const container = {
    name: "coredns",
    image: `docker.io/coredns/coredns:${versions.coredns}`,
    args: ["-conf", "/etc/coredns/Corefile"],
    resources: { requests: { cpu: "100m", memory: "70Mi" }, limits: { memory: "170Mi" } },
    ports: [
      { containerPort: 53, name: "dns", protocol: "UDP" },
      { containerPort: 53, name: "dns-tcp", protocol: "TCP" },
    ],
    volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
    livenessProbe: probe("/health", 8080),
    readinessProbe: probe("/ready", 8181),
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...named, labels },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "coredns",
          priorityClassName: "system-cluster-critical",
          dnsPolicy: "Default",
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selector },
            },
          ],
          containers: [container],
          volumes: [{ name: "config-volume", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}
