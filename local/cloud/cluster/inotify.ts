/**
 * How many inotify instances the kernel still lets root make. A kubelet that gets none never registers its node, and says
 * so only in its own log. https://man7.org/linux/man-pages/man7/inotify.7.html
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Of a node with its containerd and pods, by count: two clusters of two nodes each held 70, control planes included. */
const perNode = 18;

/** What to do when a further node would find too few; undefined when there are enough. */
export function inotifyShortage({ limit, used }: { limit: number; used: number }): string | undefined {
  const free = limit - used;
  if (free >= perNode) return undefined;
  return (
    `this machine's kernel lets root make ${String(limit)} inotify instances, ${String(used)} are in use, and a node ` +
    `takes about ${String(perNode)}: take down what else runs here, or raise it with ` +
    "sysctl -w fs.inotify.max_user_instances=1024"
  );
}

export function inotifyInstances(): { limit: number; used: number } {
  const limit = Number(readFileSync("/proc/sys/fs/inotify/max_user_instances", "utf8"));
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return { limit, used: processes.reduce((sum, pid) => sum + instancesHeldBy(pid), 0) };
}

/** Of one process; one that ends meanwhile holds none. */
export function instancesHeldBy(pid: string): number {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).filter((fd) => isInotify(`${folder}/${fd}`)).length;
  } catch {
    return 0;
  }
}

function isInotify(link: string): boolean {
  try {
    return readlinkSync(link) === "anon_inode:inotify";
  } catch {
    return false;
  }
}
