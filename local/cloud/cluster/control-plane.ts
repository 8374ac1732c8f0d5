import type { ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord } from "../../aws/runtime.ts";
import { toolsDir } from "../../paths.ts";
import { eventually } from "../exec.ts";
import { findMachine, serviceLog, startMachine, startService, stopMachine } from "../machines.ts";
import type { Machine } from "../machines.ts";
import { authenticatorPort, controlPlaneNamespace, internetAddresses } from "../names.ts";
import { addressAt } from "../network/addresses.ts";
import { KubeClient } from "./kube-client.ts";
import { issue, kubeconfig, openPki } from "./pki.ts";
import type { Certificate, Pki } from "./pki.ts";

/** Where a cluster's keys and kubeconfigs are. */
export function clusterDirectory(runDir: string, cluster: { region: string; name: string }): string {
  return join(runDir, "clusters", `${cluster.region}-${cluster.name}`);
}

/** The issuer of service-account tokens, as EKS names it. */
export function tokenIssuer(cluster: ClusterRecord): string {
  const id = cluster.endpointHost.split(".")[0] ?? cluster.name;
  return `https://oidc.eks.${cluster.region}.amazonaws.com/id/${id}`;
}

export interface ControlPlaneOptions {
  runDir: string;
  cluster: ClusterRecord;
  /** Of the cluster's interfaces in its subnets, the advertised one first. */
  addresses: string[];
  /** False: pods are only pretended, so nobody may make real ones (see PretendedPods). */
  withNodes: boolean;
}

/**
 * Starts etcd, API server, controller manager and scheduler of a cluster in its own namespace, whose interfaces exist
 * already. Resolves when the API server is ready; finds a running control plane and leaves it alone.
 */
export async function startControlPlane(
  options: ControlPlaneOptions,
): Promise<{ certificateAuthority: string; client: KubeClient }> {
  const { runDir, cluster, addresses } = options;
  const directory = clusterDirectory(runDir, cluster);
  const pki = await openPki(directory);
  const name = controlPlaneNamespace(cluster);
  if (findMachine(runDir, name) === undefined) {
    await issueAll(pki, cluster, addresses);
    const machine = await startMachine({
      runDir,
      name,
      hostname: cluster.endpointHost.split(".")[0] ?? cluster.name,
      resolvConf: `nameserver ${internetAddresses.resolver}\n`,
      keep: [toolsDir(), directory],
    });
    await startProcesses(machine, pki, options);
  }
  return { certificateAuthority: pki.authority.certificate, client: adminClient(runDir, cluster) };
}

/** A client that talks to the API server from the internet's router, whatever the endpoint's CIDRs say. */
export function adminClient(runDir: string, cluster: ClusterRecord): KubeClient {
  const directory = clusterDirectory(runDir, cluster);
  const text = (file: string): string => readFileSync(join(directory, file), "utf8");
  const certificate = { certificate: text("admin.crt"), key: text("admin.key") };
  return new KubeClient(cluster.publicIp, text("ca.crt"), certificate);
}

export async function stopControlPlane(runDir: string, cluster: ClusterRecord): Promise<void> {
  await stopMachine(runDir, controlPlaneNamespace(cluster));
  rmSync(clusterDirectory(runDir, cluster), { recursive: true, force: true });
}

async function issueAll(pki: Pki, cluster: ClusterRecord, addresses: string[]): Promise<void> {
  const masters = "system:masters";
  await issue(pki, "apiserver", {
    commonName: "kube-apiserver",
    dnsNames: [
      cluster.endpointHost,
      ...["", ".default", ".default.svc", ".default.svc.cluster.local"].map((suffix) => `kubernetes${suffix}`),
    ],
    addresses: [...addresses, addressAt(cluster.serviceCidr, 1), "127.0.0.1"],
  });
  await issue(pki, "kubelet-client", { commonName: "kube-apiserver-kubelet-client", organization: masters });
  await issue(pki, "front-proxy-client", { commonName: "front-proxy-client" }, "front-proxy-ca");
  const local = async (name: string, commonName: string, organization?: string): Promise<Certificate> => {
    const client = await issue(pki, name, { commonName, ...(organization ? { organization } : {}) });
    const text = kubeconfig("https://127.0.0.1:443", pki.authority.certificate, client);
    writeFileSync(pki.path(`${name}.kubeconfig`), text, { mode: 0o600 });
    return client;
  };
  await local("controller-manager", "system:kube-controller-manager");
  await local("scheduler", "system:kube-scheduler");
  const admin = await local("admin", "local-cloud", masters);
  const outside = kubeconfig(`https://${cluster.publicIp}`, pki.authority.certificate, admin, "kubernetes");
  writeFileSync(pki.path("admin.kubeconfig"), outside, { mode: 0o600 });
  writeFileSync(pki.path("authenticator.kubeconfig"), authenticatorConfig(cluster));
}

/** EKS's API servers ask an authenticator who a token belongs to; so do these. */
function authenticatorConfig(cluster: ClusterRecord): string {
  const server = `http://${internetAddresses.authenticator}:${authenticatorPort}/${cluster.region}/${cluster.name}`;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "authenticator", cluster: { server } }],
    users: [{ name: "apiserver", user: {} }],
    contexts: [{ name: "webhook", context: { cluster: "authenticator", user: "apiserver" } }],
    "current-context": "webhook",
  });
}

async function startProcesses(machine: Machine, pki: Pki, options: ControlPlaneOptions): Promise<void> {
  const { cluster, addresses, withNodes } = options;
  const bin = join(toolsDir(), "bin");
  // Small heaps matter more than speed where several clusters share one machine.
  const env = { GOGC: "60", GOMAXPROCS: "2" };
  const etcd = startService(machine, {
    name: "etcd",
    argv: [`${bin}/etcd`, "--data-dir=/var/lib/etcd", "--unsafe-no-fsync", "--log-level=warn", "--name=etcd"],
    env,
  });
  const apiserver = startService(machine, {
    name: "kube-apiserver",
    argv: [`${bin}/kube-apiserver`, ...apiserverFlags(pki, cluster, addresses)],
    env,
  });
  const client = new KubeClient(cluster.publicIp, pki.authority.certificate, {
    certificate: readFileSync(pki.path("admin.crt"), "utf8"),
    key: readFileSync(pki.path("admin.key"), "utf8"),
  });
  await eventually(`API server of ${cluster.name}`, 180, async () => {
    dead(machine, "etcd", etcd);
    dead(machine, "kube-apiserver", apiserver);
    return client.call<string>("GET", "/readyz");
  });
  client.close();
  startService(machine, {
    name: "kube-controller-manager",
    argv: [`${bin}/kube-controller-manager`, ...controllerManagerFlags(pki, cluster, withNodes)],
    env,
  });
  if (!withNodes) return;
  startService(machine, {
    name: "kube-scheduler",
    argv: [`${bin}/kube-scheduler`, `--kubeconfig=${pki.path("scheduler.kubeconfig")}`, "--leader-elect=false"],
    env,
  });
}

/** @throws Error with the end of its log when the process has ended */
function dead(machine: Machine, name: string, child: ChildProcess): void {
  if (child.exitCode === null) return;
  const log = serviceLog(machine, name);
  throw new Error(`${name} ended: ${readFileSync(log, "utf8").slice(-1500)} (${log})`);
}

function apiserverFlags(pki: Pki, cluster: ClusterRecord, [advertised = ""]: string[]): string[] {
  return [
    "--etcd-servers=http://127.0.0.1:2379",
    "--secure-port=443",
    `--advertise-address=${advertised}`,
    `--cert-dir=${pki.directory}`,
    `--tls-cert-file=${pki.path("apiserver.crt")}`,
    `--tls-private-key-file=${pki.path("apiserver.key")}`,
    `--client-ca-file=${pki.path("ca.crt")}`,
    `--service-cluster-ip-range=${cluster.serviceCidr}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    // Webhooks are called at an endpoint's address, as EKS does, not at the Service's.
    "--enable-aggregator-routing=true",
    `--requestheader-client-ca-file=${pki.path("front-proxy-ca.crt")}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    `--proxy-client-cert-file=${pki.path("front-proxy-client.crt")}`,
    `--proxy-client-key-file=${pki.path("front-proxy-client.key")}`,
    `--kubelet-certificate-authority=${pki.path("ca.crt")}`,
    `--kubelet-client-certificate=${pki.path("kubelet-client.crt")}`,
    `--kubelet-client-key=${pki.path("kubelet-client.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    `--service-account-issuer=${tokenIssuer(cluster)}`,
    "--api-audiences=https://kubernetes.default.svc",
    `--service-account-key-file=${pki.path("sa.pub")}`,
    `--service-account-signing-key-file=${pki.path("sa.key")}`,
    `--authentication-token-webhook-config-file=${pki.path("authenticator.kubeconfig")}`,
    "--authentication-token-webhook-version=v1",
    "--authentication-token-webhook-cache-ttl=5s",
    "--profiling=false",
  ];
}

function controllerManagerFlags(pki: Pki, cluster: ClusterRecord, withNodes: boolean): string[] {
  const left = ["replicaset-controller", "endpointslice-controller", "endpoints-controller"];
  return [
    `--kubeconfig=${pki.path("controller-manager.kubeconfig")}`,
    `--cluster-name=${cluster.name}`,
    `--service-account-private-key-file=${pki.path("sa.key")}`,
    `--root-ca-file=${pki.path("ca.crt")}`,
    `--cluster-signing-cert-file=${pki.path("ca.crt")}`,
    `--cluster-signing-key-file=${pki.path("ca.key")}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    `--controllers=${["*", ...(withNodes ? [] : left.map((name) => `-${name}`))].join(",")}`,
    "--allocate-node-cidrs=false",
    "--profiling=false",
  ];
}
