import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../paths.ts";
import { findCommand, missingPackages } from "./debian.ts";
import type { Recipe } from "./recipes.ts";
import { existingFolder, freeBytes } from "./disk.ts";

/** What this machine has of all that building and running the local cloud needs. */
export interface Machine {
  platform: string;
  arch: string;
  uid: number;
  /** The effective capabilities as /proc/self/status gives them: a hexadecimal mask. */
  capabilities: string;
  /** The lines of /proc/filesystems. */
  filesystems: string;
  /** How many families of Go executables are still to be compiled. */
  toCompile: number;
  /** Why Go cannot compile our modules; undefined if it can, or need not. */
  goProblem?: string;
  /** Debian packages whose commands are missing. */
  missingPackages: string[];
  aptGet: boolean;
  /** Why no network namespace with a veth pair can be made; undefined if it can. */
  namespaceProblem?: string;
  cacheFolder: string;
  freeBytes: number;
}

/** Bits of <linux/capability.h>. */
const capabilities = { CAP_NET_ADMIN: 12, CAP_SYS_CHROOT: 18, CAP_SYS_ADMIN: 21, CAP_MKNOD: 27 };
const gib = 2 ** 30;
/** Measured: the images and what is unpacked for them; and a family's executables with its part of Go's two caches. */
const neededAnyway = gib;
const neededPerFamily = 1.7 * gib;

/**
 * What stands in the way of building and running the local cloud, one line each: what is missing and what to do.
 * Debian packages that `apt-get` can install are not missing: `buildTools` installs them. Empty when all is well.
 */
export function checkPrerequisites(toBuild: readonly Recipe[]): string[] {
  return problemsOf(inspectMachine(toBuild));
}

/** The lines for a machine; pure, so that each is tested. */
export function problemsOf(machine: Machine): string[] {
  // Nothing else can be judged on another system.
  if (machine.platform !== "linux")
    return [`Linux is needed: the clusters are namespaces of its kernel (here: ${machine.platform}).`];
  const problems: string[] = [];
  if (machine.arch !== "x64") {
    problems.push(
      `An x86-64 machine is needed: Envoy, kubectl and helm are taken as such executables (here: ${machine.arch}).`,
    );
  }
  if (machine.uid !== 0) {
    problems.push("Root is needed, to make namespaces, mounts and cgroups: start it again with sudo or as root.");
  } else {
    problems.push(...kernelProblems(machine));
  }
  if (machine.goProblem !== undefined) problems.push(machine.goProblem);
  problems.push(...packageProblems(machine));
  const needed = neededAnyway + machine.toCompile * neededPerFamily;
  if (machine.freeBytes < needed) {
    const [free, asked] = [machine.freeBytes, needed].map((bytes) => (bytes / gib).toFixed(1));
    problems.push(
      `${asked} GiB of free disk are needed; ${machine.cacheFolder} has ${free}. ISTIO_LAB_CACHE names another place.`,
    );
  }
  return problems;
}

function kernelProblems(machine: Machine): string[] {
  const problems: string[] = [];
  const mask = BigInt(`0x${machine.capabilities}`);
  const missing = Object.entries(capabilities).filter(([, bit]) => ((mask >> BigInt(bit)) & 1n) === 0n);
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(", ");
    problems.push(`Root lacks ${names}: in a container, start that one privileged or with --cap-add for each.`);
  }
  if (!/\boverlay$/m.test(machine.filesystems)) {
    problems.push("The kernel has no overlay filesystem, which containers are made of: modprobe overlay.");
  }
  if (missing.length === 0 && machine.namespaceProblem !== undefined) {
    problems.push(`No network namespace with a veth pair can be made: ${machine.namespaceProblem}`);
  }
  return problems;
}

function packageProblems(machine: Machine): string[] {
  const packages = machine.missingPackages;
  if (packages.length === 0 || (machine.aptGet && machine.uid === 0)) return [];
  const how = machine.aptGet ? `apt-get install ${packages.join(" ")}` : "install what holds their commands";
  return [
    `Packages of the Linux distribution are missing, under Debian's names: ${packages.join(", ")}. As root: ${how}.`,
  ];
}

/** Looks at this machine. */
export function inspectMachine(toBuild: readonly Recipe[]): Machine {
  const status = readIfThere("/proc/self/status");
  const toCompile = toBuild.filter(({ kind }) => kind === "go").length;
  const goProblem = toCompile === 0 ? undefined : inspectGo();
  const namespaceProblem = inspectNamespaces();
  return {
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.() ?? -1,
    capabilities: /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0",
    filesystems: readIfThere("/proc/filesystems"),
    toCompile,
    ...(goProblem === undefined ? {} : { goProblem }),
    missingPackages: missingPackages(),
    aptGet: findCommand("apt-get") !== undefined,
    ...(namespaceProblem === undefined ? {} : { namespaceProblem }),
    cacheFolder: existingFolder(cacheDir),
    freeBytes: freeBytes(cacheDir),
  };
}

/** Go itself says whether it is new enough (or can fetch what is) when asked within a module that names a version. */
function inspectGo(): string | undefined {
  // The module that asks for the newest Go.
  const cwd = join(import.meta.dirname, "go", "containerd");
  const needed = /^go (\S+)$/m.exec(readIfThere(join(cwd, "go.mod")))?.[1] ?? "";
  const failure = failureOf("go", ["env", "GOVERSION"], cwd);
  if (failure === undefined) return undefined;
  return `Go ${needed} or newer is needed (https://go.dev/dl/): ${failure}`;
}

function inspectNamespaces(): string | undefined {
  const script = "ip link add il-a type veth peer name il-b";
  // iproute2 may be one of the packages yet to install; then only the namespace is tried.
  const test = findCommand("ip") === undefined ? "true" : script;
  return failureOf("unshare", ["--net", "--mount", "sh", "-c", test]);
}

/** Undefined when the command succeeds, else its last line or why it cannot start. */
function failureOf(command: string, args: string[], cwd?: string): string | undefined {
  try {
    execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") return `there is no command ${command}`;
    return stderr?.trim().split("\n").at(-1) || String(error);
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
