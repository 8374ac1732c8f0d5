import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolsDir } from "../../paths.ts";
import { Cluster } from "../../plugins/kubernetes/cluster.ts";
import { activeContext } from "../../plugins/kubernetes/api/kubeconfig.ts";
import { sleep } from "../../plugins/kubernetes/api/rest.ts";
import { pluck, pluckList } from "../../plugins/kubernetes/object/object.ts";
import type { ChildProcess } from "node:child_process";
import type { Properties } from "../../plugins/host/values.ts";
import type { KubeObject } from "../../plugins/kubernetes/object/object.ts";

/** A control plane without nodes, on this machine's loopback interface. */
export interface ControlPlane {
  kubeconfig: string;
  /** Calls the API server as its administrator. */
  cluster: Cluster;
  folder: string;
  /** Plays a kubelet: Pods of these namespaces become ready without being run. */
  runPods(): void;
  stop(): Promise<void>;
}

const binaries = ["etcd", "kube-apiserver", "kube-controller-manager", "helm"];

/** Whether the tools are built that a control plane needs. */
export function hasBinaries(names: string[] = binaries): boolean {
  return names.every((name) => existsSync(join(toolsDir(), "bin", name)));
}

/** Starts etcd, an API server and a controller manager; resolves when the API server is ready. */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), "istio-lab-control-plane-"));
  const [client = 0, peer = 0, secure = 0, manager = 0] = await freePorts(4);
  const token = randomBytes(16).toString("hex");
  await writeFile(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  await writeKeys(folder);
  const running = [
    await start(folder, "etcd", etcdArguments(folder, client, peer)),
    await start(folder, "kube-apiserver", apiServerArguments(folder, client, secure)),
  ];
  const certificate = await madeCertificate(folder);
  const kubeconfig = kubeconfigOf(`https://127.0.0.1:${secure}`, token, certificate);
  await writeFile(join(folder, "kubeconfig"), kubeconfig, { mode: 0o600 });
  const cluster = new Cluster(activeContext(kubeconfig));
  await until("the API server is ready", async () => {
    await cluster.request("GET", "/api/v1/namespaces/default");
    return true;
  });
  running.push(await start(folder, "kube-controller-manager", managerArguments(folder, manager)));
  const kubelet = new AbortController();
  return {
    kubeconfig,
    cluster,
    folder,
    runPods: () => {
      void playKubelet(cluster, kubelet.signal);
    },
    stop: async () => {
      kubelet.abort();
      await Promise.all(running.reverse().map(end));
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Waits until a look succeeds and is true. */
export async function until(what: string, look: () => Promise<boolean>, seconds = 60): Promise<void> {
  const start = Date.now();
  while (Date.now() - start < seconds * 1000) {
    if (await look().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`waited ${seconds} s: ${what}`);
}

function etcdArguments(folder: string, client: number, peer: number): string[] {
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    "--unsafe-no-fsync",
  ];
}

function apiServerArguments(folder: string, etcd: number, secure: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--secure-port=${secure}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=192.0.2.1",
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.0.0.0/24",
    `--cert-dir=${join(folder, "certificates")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(folder, "service-account.pub")}`,
    `--service-account-signing-key-file=${join(folder, "service-account.key")}`,
  ];
}

function managerArguments(folder: string, port: number): string[] {
  return [
    `--kubeconfig=${join(folder, "kubeconfig")}`,
    `--service-account-private-key-file=${join(folder, "service-account.key")}`,
    // Without it a token's Secret lacks the authority, which every cluster made by a tool has.
    `--root-ca-file=${join(folder, "certificates", "apiserver.crt")}`,
    "--use-service-account-credentials=false",
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, "manager-certificates")}`,
    "--controllers=*,-node-ipam-controller,-nodelifecycle",
  ];
}

/** The certificate that the API server makes for itself, with that of its signer. */
async function madeCertificate(folder: string): Promise<string> {
  const path = join(folder, "certificates", "apiserver.crt");
  await until("the API server has a certificate", () => Promise.resolve(existsSync(path)));
  return readFile(path, "utf8");
}

function kubeconfigOf(server: string, token: string, certificate: string): string {
  const cluster = {
    server,
    "tls-server-name": "kubernetes.default.svc",
    "certificate-authority-data": Buffer.from(certificate).toString("base64"),
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
  });
}

async function writeKeys(folder: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "service-account.pub"), publicKey);
  await writeFile(join(folder, "service-account.key"), privateKey, { mode: 0o600 });
}

async function start(folder: string, name: string, args: string[]): Promise<ChildProcess> {
  const log = await open(join(folder, `${name}.log`), "a");
  const child = spawn(join(toolsDir(), "bin", name), args, { stdio: ["ignore", log.fd, log.fd] });
  await log.close();
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === "object" && address ? address.port : 0;
    }),
  );
}

/** Binds every Pod to a node, reports it as running and ready, and lets deleted ones go. */
async function playKubelet(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "paper" } };
  await cluster.request("POST", "/api/v1/nodes", { body: node });
  while (!signal.aborted) {
    const pods = pluckList(await cluster.request("GET", "/api/v1/pods").catch(() => ({})), "items") as KubeObject[];
    for (const pod of pods) await runPod(cluster, pod).catch(() => undefined);
    await sleep(200);
  }
}

async function runPod(cluster: Cluster, pod: KubeObject): Promise<void> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace ?? ""}/pods/${pod.metadata.name ?? ""}`;
  if (pod.metadata["deletionTimestamp"]) {
    await cluster.request("DELETE", path, { body: { gracePeriodSeconds: 0 } });
    return;
  }
  if (!pluck(pod, "spec", "nodeName")) {
    const target = { apiVersion: "v1", kind: "Node", name: "paper" };
    await cluster.request("POST", `${path}/binding`, {
      body: { apiVersion: "v1", kind: "Binding", metadata: { name: pod.metadata.name }, target },
    });
  }
  if (pluck(pod, "status", "phase") === "Running" || pluck(pod, "metadata", "labels", "test/stuck")) return;
  const now = new Date().toISOString();
  const status: Properties = {
    phase: "Running",
    podIP: "10.9.9.9",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: now }],
  };
  await cluster.request("PATCH", `${path}/status`, { body: { status }, contentType: "application/merge-patch+json" });
}
