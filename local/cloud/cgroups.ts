import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "./exec.ts";
import { prefix } from "./names.ts";
import { kill } from "./processes.ts";

interface Hierarchy {
  mount: string;
  version: 1 | 2;
}

/** The mounted hierarchies that count: every v1 controller, else the one unified tree of v2. */
function hierarchies(): Hierarchy[] {
  const all = allHierarchies();
  const v1 = all.filter(({ version }) => version === 1);
  return v1.length > 0 ? v1 : all;
}

/** Beside v1 controllers a v2 tree may be mounted without any, in which runc makes its cgroups all the same. */
function allHierarchies(): Hierarchy[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [left = "", right = ""] = line.split(" - ");
      return { mount: left.split(" ")[4] ?? "", type: right.split(" ")[0] ?? "" };
    });
  return mounts.flatMap(({ mount, type }): Hierarchy[] => {
    if (type === "cgroup") return [{ mount, version: 1 }];
    return type === "cgroup2" ? [{ mount, version: 2 }] : [];
  });
}

/** Makes the cgroup with a leaf `system` for our own processes; beside it kubelet makes its `kubepods`. */
export function ensureCgroup(name: string): void {
  for (const { mount, version } of hierarchies()) {
    if (version === 2) delegate(mount);
    const top = join(mount, name);
    for (const path of [top, join(top, "system")]) {
      mkdirSync(path, { recursive: true });
      if (version === 1) copyCpuset(path);
      else if (path === top) delegate(top);
    }
  }
}

/** v1: a new cpuset is empty and takes no process until it has CPUs and memory nodes. */
function copyCpuset(path: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    if (existsSync(join(path, file))) writeFileSync(join(path, file), readFileSync(join(path, "..", file)));
  }
}

/** v2: children have only the controllers that their parent passes on. */
function delegate(path: string): void {
  for (const controller of readFileSync(join(path, "cgroup.controllers"), "utf8").trim().split(/\s+/)) {
    if (controller) writeFileSync(join(path, "cgroup.subtree_control"), `+${controller}`);
  }
}

/** Shell words that move the running shell into the cgroup's `system` leaf. */
export function joinCgroupScript(name: string): string {
  return hierarchies()
    .map(({ mount }) => `echo $$ > '${join(mount, name, "system", "cgroup.procs")}'`)
    .join("; ");
}

/** Names of the cloud's cgroups that exist. */
export function cgroupNames(): string[] {
  const names = allHierarchies().flatMap(({ mount }) => readdirSync(mount).filter((name) => name.startsWith(prefix)));
  return [...new Set(names)];
}

/** Processes in the cgroup or below it, as this process numbers them. */
export function cgroupProcesses(name: string): number[] {
  const pids = new Set<number>();
  for (const { mount } of allHierarchies()) {
    for (const path of tree(join(mount, name))) {
      for (const pid of readProcesses(path)) pids.add(pid);
    }
  }
  return [...pids];
}

function readProcesses(path: string): number[] {
  try {
    const text = readFileSync(join(path, "cgroup.procs"), "utf8");
    return text.split("\n").map(Number).filter(Boolean);
  } catch {
    return []; // Gone between listing and reading.
  }
}

/** The folder and all below it, deepest first. */
function tree(path: string): string[] {
  if (!existsSync(path)) return [];
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...below.flatMap((entry) => tree(join(path, entry.name))), path];
}

/** Kills whatever runs in the cgroup and removes it; nothing happens when there is none. */
export async function removeCgroup(name: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    for (const pid of cgroupProcesses(name)) kill(pid);
    const left = allHierarchies().flatMap(({ mount }) => tree(join(mount, name)).filter((path) => !removed(path)));
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`cgroup ${name} cannot be removed: ${left.join(", ")} is still in use`);
    await sleep(50);
  }
}

function removed(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return !existsSync(path);
  }
}
