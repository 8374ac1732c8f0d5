import { totalmem } from "node:os";
import { join } from "node:path";
import type { ClusterRecord, NodeGroupRecord, NodeRecord } from "../../aws/runtime.ts";
import { versions } from "../../versions.ts";
import { addressAt } from "../network/addresses.ts";

const gibibyte = 2 ** 30;
/** Memory of the instance types that labs use. https://aws.amazon.com/ec2/instance-types/ */
const memoryGibibytes: Record<string, number> = { medium: 4, large: 8, xlarge: 16, "2xlarge": 32 };

/** kubelet would write these into the host's kernel; it finds them as it wants them and leaves them alone. */
export const tunables = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1_000_000,
  "kernel/keys/root_maxbytes": 25_000_000,
};

/** Labels that EKS and its cloud controller give a node, and the group's own. */
export function nodeLabels(cluster: ClusterRecord, group: NodeGroupRecord, node: NodeRecord): Record<string, string> {
  return {
    "eks.amazonaws.com/capacityType": "ON_DEMAND",
    "eks.amazonaws.com/nodegroup": group.name,
    "node.kubernetes.io/instance-type": node.instanceType,
    "topology.kubernetes.io/region": cluster.region,
    "topology.kubernetes.io/zone": node.zone,
    ...group.labels,
  };
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletConfiguration(
  cgroup: string,
  config: string,
  cluster: ClusterRecord,
  group: NodeGroupRecord,
  node: NodeRecord,
): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(config, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(config, "kubelet.crt"),
    tlsPrivateKeyFile: join(config, "kubelet.key"),
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    protectKernelDefaults: false,
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    clusterDNS: [addressAt(cluster.serviceCidr, 10)],
    clusterDomain: "cluster.local",
    providerID: `aws:///${node.zone}/${node.instanceId}`,
    maxPods: maximumPods(node.podCidr),
    registerWithTaints: group.taints.map(({ key, value, effect }) => ({ key, effect, ...(value ? { value } : {}) })),
    enforceNodeAllocatable: [],
    systemReserved: reservedMemory(node.instanceType),
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "0%", "imagefs.available": "0%" },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    maxParallelImagePulls: 4,
    nodeStatusUpdateFrequency: "10s",
  };
}

/** The first address of the slice is the pods' gateway; the network's and the broadcast address stay free. */
function maximumPods(podCidr: string): number {
  const prefix = Number(podCidr.split("/")[1]);
  return Math.min(110, 2 ** (32 - prefix) - 3);
}

/** What the host has beyond the instance type is not the node's. */
function reservedMemory(instanceType: string): Record<string, string> {
  const size = memoryGibibytes[instanceType.split(".")[1] ?? ""];
  const surplus = size === undefined ? 0 : totalmem() - size * gibibyte;
  return surplus > 0 ? { memory: String(Math.floor(surplus)) } : {};
}

/** `config` is the folder with certs.d. */
export function containerdConfiguration(config: string): string {
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "registry.k8s.io/pause:${versions.imageTags.pause}"
[plugins.'io.containerd.cri.v1.images'.registry]
  config_path = "${config}/certs.d"
[plugins.'io.containerd.cri.v1.runtime']
  # A host without CAP_SYS_RESOURCE refuses lower values.
  restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["/opt/cni/bin"]
  conf_dir = "/etc/cni/net.d"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
    SystemdCgroup = false
`;
}

/** Pods get addresses from the node's slice of its subnet; the VPC's router knows where the slice is. */
export function cniConfiguration(node: NodeRecord): object {
  const ipam = {
    type: "host-local",
    ranges: [[{ subnet: node.podCidr }]],
    routes: [{ dst: "0.0.0.0/0" }],
    dataDir: "/var/lib/cni/networks",
  };
  const plugins = [
    { type: "ptp", mtu: 1500, ipMasq: false, ipam },
    { type: "portmap", capabilities: { portMappings: true }, snat: true },
  ];
  return { cniVersion: "1.0.0", name: "aws-cni", plugins };
}
