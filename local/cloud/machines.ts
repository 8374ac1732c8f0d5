import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cgroupNames, ensureCgroup, joinCgroupScript, removeCgroup } from "./cgroups.ts";
import { eventually, run, succeeds } from "./exec.ts";

/**
 * A machine of the cloud: processes that share a network namespace, a mount namespace with standard paths of their
 * own, a process namespace and a cgroup. When its first process dies, the kernel ends all others and drops the mounts.
 */
export interface Machine {
  /** Of the network namespace and the cgroup. */
  name: string;
  /** The first process, as the host numbers it. */
  pid: number;
  /** Its folder on the host; inside, `var/log`, `var/lib/<x>` and `etc` appear at their usual places. */
  directory: string;
}

export interface MachineOptions {
  runDir: string;
  /** The network namespace; it exists already. */
  name: string;
  hostname: string;
  /** Content of /etc/resolv.conf. */
  resolvConf: string;
  /** Folders that have to stay visible inside although they may lie under /var/lib or /run. */
  keep: string[];
}

function directoryOf(runDir: string, name: string): string {
  return join(runDir, "machines", name);
}

/** The running machine of that name, if any. */
export function findMachine(runDir: string, name: string): Machine | undefined {
  const directory = directoryOf(runDir, name);
  const pid = writtenPid(directory);
  if (pid === undefined || !cgroupNames().includes(name)) return undefined;
  return existsSync(`/proc/${pid}/ns/net`) ? { name, pid, directory } : undefined;
}

/** Starts the machine's first process, or finds it running. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const running = findMachine(options.runDir, options.name);
  if (running) return running;
  const directory = directoryOf(options.runDir, options.name);
  await stopMachine(options.runDir, options.name);
  mkdirSync(directory, { recursive: true });
  ensureCgroup(options.name);
  const argv = [
    ...["nsenter", `--net=/run/netns/${options.name}`, "unshare", "--mount", "--uts", "--pid", "--fork"],
    ...["bash", "-c", bootScript(options, directory), "machine"],
  ];
  const child = start(argv, join(directory, "boot.log"));
  const pid = await eventually(
    `machine ${options.name} (see ${directory}/boot.log)`,
    60,
    () => {
      if (child.exitCode !== null) throw new Error(readFileSync(join(directory, "boot.log"), "utf8").trim());
      return Promise.resolve(writtenPid(directory));
    },
    20,
  );
  return { name: options.name, pid, directory };
}

/** The first process of a machine that has booted. The file is there, and empty, before the number is in it. */
export function writtenPid(directory: string): number | undefined {
  const file = join(directory, "pid");
  return (existsSync(file) && Number(readFileSync(file, "utf8"))) || undefined;
}

/**
 * Folders that programs of a node expect at fixed places are the machine's own: /run and /var/lib are new, /etc and
 * /opt are the host's with the machine's changes above. What has to stay visible is held by a descriptor while it is
 * hidden; mount must not turn that into a path, which names something else by then. bash stays as the first process, because it reaps orphans.
 */
function bootScript({ name, hostname, resolvConf, keep }: MachineOptions, directory: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const kept = keep.map((path, index) => ({ path: quoted(path), fd: 20 + index }));
  return `
set -e
read -r pid _ < /proc/self/stat
${joinCgroupScript(name)}
hostname ${quoted(hostname)}
mount -t proc proc /proc
cd ${quoted(directory)}
exec 18<.
mkdir -p var/log var/lib/kubelet var/lib/containerd var/lib/cni var/lib/etcd etc.upper etc.work opt.upper opt.work
${kept.map(({ path, fd }) => `exec ${fd}<${path}`).join("\n")}
mount --bind var/log /var/log
mount -t overlay -o lowerdir=/etc,upperdir=etc.upper,workdir=etc.work overlay /etc
mount -t overlay -o lowerdir=/opt,upperdir=opt.upper,workdir=opt.work overlay /opt
exec 19<var/lib
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
for folder in kubelet containerd cni etcd; do
  mkdir /var/lib/$folder
  mount --no-canonicalize --bind /proc/self/fd/19/$folder /var/lib/$folder
done
${kept.map(({ path, fd }) => `mkdir -p ${path}; mount --no-canonicalize --bind /proc/self/fd/${fd} ${path}`).join("\n")}
mkdir -p /etc/cni/net.d /opt/cni/bin
rm -f /etc/resolv.conf
printf %s ${quoted(resolvConf)} > /etc/resolv.conf
mount --make-rshared /
cd /
echo $pid > /proc/self/fd/18/pid
trap 'exit 0' TERM
while :; do sleep infinity & wait $!; done
`;
}

export interface Service {
  /** Also the log's name: <directory>/var/log/<name>.log */
  name: string;
  argv: string[];
  env?: Record<string, string>;
}

/** Starts a process in the machine that outlives this one. Its output goes to the machine's /var/log. */
export function startService(machine: Machine, { name, argv, env }: Service): ChildProcess {
  const script = `${joinCgroupScript(machine.name)}; echo $$ > /run/${name}.pid; exec "$@"`;
  const enter = ["nsenter", "--target", String(machine.pid), "--net", "--mount", "--uts", "--pid"];
  return start([...enter, "bash", "-c", script, name, ...argv], serviceLog(machine, name), env);
}

export function serviceLog(machine: Machine, name: string): string {
  return join(machine.directory, "var", "log", `${name}.log`);
}

/** Runs a command in the machine and returns its output. */
export function runInside(machine: Machine, argv: string[], input = ""): Promise<string> {
  const enter = ["nsenter", "--target", String(machine.pid), "--net", "--mount", "--uts", "--pid"];
  return run([...enter, ...argv], { input });
}

/** Whether the service was started and still runs. */
export function serviceRuns(machine: Machine, name: string): Promise<boolean> {
  return succeeds(enterShell(machine, `kill -0 $(cat /run/${name}.pid)`));
}

/** Ends a service of a running machine; nothing happens when it does not run. */
export async function stopService(machine: Machine, name: string): Promise<void> {
  const script = `pid=$(cat /run/${name}.pid) && kill $pid && while kill -0 $pid; do sleep 0.05; done`;
  await succeeds(enterShell(machine, script));
}

function enterShell(machine: Machine, script: string): string[] {
  return ["nsenter", "--target", String(machine.pid), "--mount", "--pid", "bash", "-c", script];
}

/** Ends the machine with everything in it and removes its folder. Idempotent. */
export async function stopMachine(runDir: string, name: string): Promise<void> {
  if (cgroupNames().includes(name)) await removeCgroup(name);
  rmSync(directoryOf(runDir, name), { recursive: true, force: true });
}

function start(argv: string[], log: string, env?: Record<string, string>): ChildProcess {
  const [command = "", ...args] = argv;
  const output = openSync(log, "a");
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, ...env },
    cwd: "/",
  });
  closeSync(output);
  child.unref();
  return child;
}
