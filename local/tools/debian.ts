import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** Commands that come from the Linux distribution, with the Debian (and Ubuntu) package that has each. */
export const debianCommands: Record<string, string> = {
  runc: "runc",
  iptables: "iptables",
  "xtables-nft-multi": "iptables",
  nft: "nftables",
  conntrack: "conntrack",
  ip: "iproute2",
  curl: "curl",
  mount: "mount",
  nsenter: "util-linux",
  unshare: "util-linux",
  sysctl: "procps",
  python3: "python3",
  pip3: "python3-pip",
};

// Administrators' folders are not on every root shell's PATH.
const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The absolute path of a command, also from the sbin folders; undefined if there is none. */
export function findCommand(name: string): string | undefined {
  return folders
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The packages whose commands are missing, each once, by name. */
export function missingPackages(
  has: (command: string) => boolean = (name) => findCommand(name) !== undefined,
): string[] {
  const missing = Object.entries(debianCommands).filter(([command]) => !has(command));
  return [...new Set(missing.map(([, name]) => name))].sort();
}

/** Installs Debian packages with apt-get, refreshing its lists first. Needs root. */
export async function installPackages(packages: string[], logFile: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env, logFile });
  await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env, logFile });
}
