import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerSnapshot } from "../aws/runtime.ts";
import { runDir as defaultRunDir } from "../paths.ts";
import { cgroupNames, cgroupProcesses, ensureCgroup, joinCgroupScript, removeCgroup } from "./cgroups.ts";
import { run } from "./exec.ts";
import { internetAddresses, internetNamespace, prefix, youNamespace } from "./names.ts";
import { NetworkApplier, namespaceNames, removeNamespace } from "./network/apply.ts";
import { deriveNetwork } from "./network/router.ts";
import { killAll } from "./processes.ts";

/** A ledger in which nothing has been created yet. */
export const emptySnapshot: LedgerSnapshot = {
  revision: 0,
  accountId: "000000000000",
  vpcs: [],
  subnets: [],
  internetGateways: [],
  natGateways: [],
  elasticIps: [],
  routeTables: [],
  securityGroups: [],
  networkInterfaces: [],
  peerings: [],
  networkAclDenials: [],
  clusters: [],
  loadBalancers: [],
  targetGroups: [],
  dns: [],
  canonicalNames: [],
  endpointChecks: [],
};

/** What has to be installed; each name is a command and, but for the last two, its Debian package is in brackets. */
const prerequisites = {
  ip: "iproute2",
  nft: "nftables",
  conntrack: "conntrack",
  iptables: "iptables",
  runc: "runc",
  nsenter: "util-linux",
  unshare: "util-linux",
  bash: "bash",
  sysctl: "procps",
};

/** What this machine lacks for a world, one line each; empty when nothing. */
export function missingPrerequisites(): string[] {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"];
  const absent = Object.entries(prerequisites).filter(
    ([command]) => !folders.some((folder) => existsSync(join(folder, command))),
  );
  return [
    ...(process.platform === "linux" ? [] : [`this is ${process.platform}: namespaces need Linux`]),
    ...(process.getuid?.() === 0 ? [] : ["namespaces need root: run as root, for example with sudo"]),
    ...absent.map(([command, name]) => `command ${command} is missing: apt-get install ${name}`),
  ];
}

/**
 * Makes the closed world without any VPC: the internet and the user's machine. Idempotent; a world that stands already,
 * with VPCs and clusters in it, is left as it is.
 * @throws Error naming every missing prerequisite
 */
export async function openWorld(runDir: string = defaultRunDir): Promise<void> {
  const missing = missingPrerequisites();
  if (missing.length > 0) throw new Error(`the local cloud cannot start: ${missing.join("; ")}`);
  if (namespaceNames().includes(youNamespace)) return;
  mkdirSync(runDir, { recursive: true });
  writeFileSync(
    join(runDir, "resolv.conf"),
    `nameserver ${internetAddresses.resolver}\noptions timeout:2 attempts:2\n`,
  );
  await new NetworkApplier(runDir).apply(deriveNetwork(emptySnapshot));
}

/**
 * A command line that runs `argv` on the user's machine (or in another namespace of the cloud): its only network is
 * the closed world's, its DNS the public view. The file system is the host's own.
 */
export function enterCommand(
  argv: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; namespace?: string; runDir?: string } = {},
): string[] {
  const namespace = options.namespace ?? youNamespace;
  // The daemon makes namespaces, which are mounts that everybody has to see, so it keeps the host's mounts.
  const daemon = namespace === internetNamespace;
  ensureCgroup(namespace);
  const resolvConf = join(options.runDir ?? defaultRunDir, "resolv.conf");
  const script = [
    joinCgroupScript(namespace),
    ...(daemon ? [] : [useResolver(resolvConf)]),
    ...(options.cwd === undefined ? [] : [`cd ${quote(options.cwd)}`]),
    'exec "$@"',
  ].join(" && ");
  const variables = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const isolate = daemon ? [] : ["unshare", "--mount", "--propagation", "private"];
  return [
    "nsenter",
    `--net=/run/netns/${namespace}`,
    ...isolate,
    "bash",
    "-c",
    script,
    "enter",
    ...(variables.length > 0 ? ["env", ...variables] : []),
    ...argv,
  ];
}

/** The host's own name services are hidden: they sit behind sockets in the file system and would ask outside. */
function useResolver(resolvConf: string): string {
  const services = "for d in /run/systemd/resolve /run/nscd; do if [ -d $d ]; then mount -t tmpfs tmpfs $d; fi; done";
  const file = 'f=$(readlink -m /etc/resolv.conf) && mkdir -p "${f%/*}" && { [ -e "$f" ] || : > "$f"; }';
  return `{ ${services}; } && ${file} && mount --bind ${quote(resolvConf)} "$f"`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Removes every process, mount, namespace and cgroup of the cloud, found by what they belong to and not by any record,
 * so that it works after a crash or SIGKILL too. Idempotent. Spares this process and those that started it.
 */
export async function closeWorld(runDir: string = defaultRunDir): Promise<void> {
  const spared = ownAncestors();
  await killAll("the local cloud", () => worldProcesses().filter((pid) => !spared.has(pid)), 20);
  for (const path of mountsBelow(join(runDir, "machines"))) await run(["umount", "--lazy", path]);
  for (const name of namespaceNames()) await removeNamespace(name);
  for (const name of cgroupNames()) {
    for (const pid of cgroupProcesses(name)) if (spared.has(pid)) moveOut(pid);
    await removeCgroup(name);
  }
  for (const name of ["machines", "clusters", "resolv.conf", "registry.log"]) {
    rmSync(join(runDir, name), { recursive: true, force: true });
  }
}

/** Processes in one of the cloud's cgroups or network namespaces. */
export function worldProcesses(): number[] {
  const namespaces = new Set(namespaceNames().map((name) => statSync(join("/run/netns", name)).ino));
  const inside = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && namespaces.has(networkOf(pid)));
  return [...new Set([...cgroupNames().flatMap(cgroupProcesses), ...inside])];
}

function networkOf(pid: number): number {
  try {
    return statSync(`/proc/${pid}/ns/net`).ino;
  } catch {
    return -1;
  }
}

function ownAncestors(): Set<number> {
  const pids = new Set<number>();
  for (let pid = process.pid; pid > 0 && !pids.has(pid);) {
    pids.add(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  }
  return pids;
}

function mountsBelow(path: string): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((mount) => mount.startsWith(`${path}/`))
    .reverse();
}

function moveOut(pid: number): void {
  for (const line of readFileSync(`/proc/${pid}/cgroup`, "utf8").split("\n")) {
    const path = line.split(":")[2] ?? "";
    if (!path.startsWith(`/${prefix}`)) continue;
    for (const name of readdirSync("/sys/fs/cgroup")) {
      const procs = join("/sys/fs/cgroup", name, "cgroup.procs");
      if (existsSync(procs)) writeFileSync(procs, String(pid));
    }
    return;
  }
}
