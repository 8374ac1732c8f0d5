import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ClusterRecord, NodeGroupRecord, NodeRecord } from "../../aws/runtime.ts";
import { toolsDir } from "../../paths.ts";
import { eventually } from "../exec.ts";
import {
  findMachine,
  runInside,
  serviceLog,
  serviceRuns,
  startMachine,
  startService,
  stopMachine,
  stopService,
} from "../machines.ts";
import type { Machine } from "../machines.ts";
import { internetAddresses, nodeNamespace, registryPort } from "../names.ts";
import { clusterDirectory } from "./control-plane.ts";
import { inotifyInstances, inotifyShortage } from "./inotify.ts";
import type { KubeClient, KubeObject } from "./kube-client.ts";
import {
  cniConfiguration,
  containerdConfiguration,
  kubeletConfiguration,
  nodeLabels,
  tunables,
} from "./node-configuration.ts";
import { issue, kubeconfig, openPki } from "./pki.ts";

/** Starts containerd and kubelet of one node in its namespace, whose interface exists already. */
export async function startNode(
  runDir: string,
  cluster: ClusterRecord,
  group: NodeGroupRecord,
  node: NodeRecord,
  resolver: string,
): Promise<void> {
  const name = nodeNamespace(node);
  if (findMachine(runDir, name) !== undefined) return;
  const shortage = inotifyShortage(inotifyInstances());
  if (shortage !== undefined) throw new Error(`node ${node.name} cannot start: ${shortage}`);
  const directory = join(runDir, "machines", name);
  const machine = await startMachine({
    runDir,
    name,
    hostname: node.name,
    resolvConf: `nameserver ${resolver}\nsearch ${node.name.split(".").slice(1).join(".")}\n`,
    keep: [toolsDir(), directory],
  });
  await writeConfiguration(machine, runDir, cluster, group, node);
  const bin = join(toolsDir(), "bin");
  const config = join(directory, "config");
  const env = { GOGC: "60", PATH: `${bin}:${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
  startService(machine, {
    name: "containerd",
    argv: [`${bin}/containerd`, "--config", `${config}/containerd.toml`],
    env,
  });
  const socket = "test -S /run/containerd/containerd.sock";
  await eventually(
    `containerd of ${node.name} (${serviceLog(machine, "containerd")})`,
    120,
    async () => {
      await runInside(machine, ["bash", "-c", socket]);
      return true;
    },
    50,
  );
  startService(machine, {
    name: "kubelet",
    argv: [
      `${bin}/kubelet`,
      `--config=${config}/kubelet.yaml`,
      `--kubeconfig=${config}/kubelet.kubeconfig`,
      `--hostname-override=${node.name}`,
      `--node-ip=${node.privateIp}`,
      `--node-labels=${Object.entries(nodeLabels(cluster, group, node))
        .map(([key, value]) => `${key}=${value}`)
        .join(",")}`,
    ],
    env,
  });
}

/** Resolves when the node reports Ready. */
export async function nodeReady(client: KubeClient, runDir: string, node: NodeRecord): Promise<void> {
  const log = join(runDir, "machines", nodeNamespace(node), "var", "log", "kubelet.log");
  await eventually(`node ${node.name} to be Ready (${log})`, 300, async () => {
    type Node = KubeObject & { status?: { conditions?: { type: string; status: string; message?: string }[] } };
    const found = await client.call<Node>("GET", `/api/v1/nodes/${node.name}`);
    const ready = found.status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status === "True") return true;
    throw new Error(ready?.message ?? "kubelet has not reported yet");
  });
}

/** Ends the node with its pods. */
export async function stopNode(runDir: string, node: NodeRecord): Promise<void> {
  await stopMachine(runDir, nodeNamespace(node));
}

/** Removes the Node object, as the cloud controller does for a terminated instance. */
export async function forgetNode(client: KubeClient, node: NodeRecord): Promise<void> {
  await client.remove(`/api/v1/nodes/${node.name}`);
}

/** kube-proxy is a process of the node here; on EKS it is a DaemonSet on the host's network. */
export async function startKubeProxy(runDir: string, node: NodeRecord): Promise<void> {
  const machine = findMachine(runDir, nodeNamespace(node));
  if (machine === undefined || (await serviceRuns(machine, "kube-proxy"))) return;
  startService(machine, {
    name: "kube-proxy",
    argv: [
      join(toolsDir(), "bin", "kube-proxy"),
      `--kubeconfig=${join(machine.directory, "config", "kube-proxy.kubeconfig")}`,
      `--hostname-override=${node.name}`,
      "--proxy-mode=iptables",
      // The limit belongs to the host's namespace.
      "--conntrack-max-per-core=0",
    ],
    env: { GOGC: "60" },
  });
}

export async function stopKubeProxy(runDir: string, node: NodeRecord): Promise<void> {
  const machine = findMachine(runDir, nodeNamespace(node));
  if (machine !== undefined) await stopService(machine, "kube-proxy");
}

/** The VPC CNI: pods get addresses of the subnet, from the node's slice. Without it a node stays NotReady. */
export async function installCni(runDir: string, node: NodeRecord): Promise<void> {
  const machine = findMachine(runDir, nodeNamespace(node));
  if (machine === undefined) return;
  const bin = join(toolsDir(), "bin");
  const plugins = ["ptp", "host-local", "portmap", "loopback"].map((plugin) => `${bin}/${plugin}`).join(" ");
  const script = `ln -sf ${plugins} /opt/cni/bin/ && cat > /etc/cni/net.d/.new && mv /etc/cni/net.d/.new /etc/cni/net.d/10-aws.conflist`;
  await runInside(machine, ["bash", "-c", script], JSON.stringify(cniConfiguration(node)));
}

/** Without its CNI a node turns NotReady and takes no new pod. */
export async function removeCni(runDir: string, node: NodeRecord): Promise<void> {
  const machine = findMachine(runDir, nodeNamespace(node));
  if (machine !== undefined) await runInside(machine, ["rm", "-f", "/etc/cni/net.d/10-aws.conflist"]);
}

async function writeConfiguration(
  machine: Machine,
  runDir: string,
  cluster: ClusterRecord,
  group: NodeGroupRecord,
  node: NodeRecord,
): Promise<void> {
  const pki = await openPki(clusterDirectory(runDir, cluster));
  const config = join(machine.directory, "config");
  mkdirSync(join(config, "certs.d", "_default"), { recursive: true });
  const server = `https://${cluster.endpointHost}`;
  const authority = pki.authority.certificate;
  const write = (file: string, text: string): void => {
    writeFileSync(join(config, file), text, { mode: 0o600 });
  };
  const identity = await issue(pki, `node-${node.instanceId}`, {
    commonName: `system:node:${node.name}`,
    organization: "system:nodes",
    dnsNames: [node.name],
    addresses: [node.privateIp],
  });
  write("kubelet.crt", identity.certificate);
  write("kubelet.key", identity.key);
  write("ca.crt", authority);
  write("kubelet.kubeconfig", kubeconfig(server, authority, identity));
  const proxy = await issue(pki, "kube-proxy", { commonName: "system:kube-proxy" });
  write("kube-proxy.kubeconfig", kubeconfig(server, authority, proxy));
  write("kubelet.yaml", stringify(kubeletConfiguration(machine.name, config, cluster, group, node)));
  write("containerd.toml", containerdConfiguration(config));
  const registry = `http://${internetAddresses.registry}:${registryPort}`;
  // "server" is where containerd turns when no mirror has an image: the mirror again, never the world.
  const mirror = `server = "${registry}"\n[host."${registry}"]\n  capabilities = ["pull", "resolve"]\n`;
  write(join("certs.d", "_default", "hosts.toml"), mirror);
  const pins = Object.entries(tunables).map(([path, value]) => {
    const file = join(config, path.replaceAll("/", "."));
    writeFileSync(file, `${value}\n`);
    return `mount --bind '${file}' /proc/sys/${path}`;
  });
  await runInside(machine, ["bash", "-c", pins.join(" && ")]);
}
