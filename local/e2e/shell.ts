/**
 * The local cloud as its user has it: every command goes through `npm run local -- exec`, the same place that
 * `npm run local -- shell` opens. Of the cloud's own code this knows only where a running cloud keeps its files.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { runDir } from "../paths.ts";

const local = resolve(import.meta.dirname, "..");

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs `npm run local -- ...` as README has it and returns what it said, whatever its exit code. */
export async function localCloud(...args: string[]): Promise<Outcome> {
  const done = await execa("node", [join(local, "main.ts"), ...args], { reject: false, stdin: "ignore" });
  return { stdout: done.stdout, stderr: done.stderr, exitCode: done.exitCode ?? 1 };
}

/** Runs a command line in the local cloud's shell. */
export function sh(command: string): Promise<Outcome> {
  return localCloud("exec", "--", "bash", "-c", command);
}

/** As `sh`, for a command that must succeed: otherwise the test fails with all that it printed. */
export async function must(command: string): Promise<string> {
  const { stdout, stderr, exitCode } = await sh(command);
  if (exitCode !== 0) throw new Error(`exit code ${String(exitCode)} of: ${command}\n${stdout}\n${stderr}`);
  return stdout;
}

/** A folder for a test's files, kubeconfigs among them. It goes with the cloud. */
export async function newFolder(): Promise<string> {
  const folder = join(runDir, "e2e");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return mkdtemp(join(folder, "files-"));
}

/** Repeats a check until it holds. The last failure is what the test reports when the time is up. */
export async function eventually<T>(seconds: number, check: () => Promise<T>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }
}

/** Without the engine's own default providers, which a preview does not mention. */
function ours(urns: readonly string[]): string[] {
  return urns.filter((urn) => !/::pulumi:providers:\w+::default/.test(urn)).sort();
}

/** Commands of Pulumi that read a stack's file, and so must be told where it is. */
const readsFile = /^(preview|up|refresh|destroy)\b/;

/** What the program says of a cluster; not all clusters have all of it. */
interface ClusterOutputs {
  readonly region: string;
  readonly eksName: string;
  readonly apiServer: string;
  readonly ingressHostname: string;
  readonly eastWestHostname: string;
  readonly istiodHostname: string;
  readonly controlPlanes: readonly { readonly revision: string; readonly tag?: string; readonly version: string }[];
}

/** One stack with its clusters, addressed by their names in the plan. */
export class Stack {
  readonly name: string;
  /** `Pulumi.<name>.yaml`, or the file in `stacks/` that README has for it. */
  private file: string;
  private kubeconfigs = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
    const further = join("stacks", `${name}.yaml`);
    this.file = existsSync(join(local, "..", further)) ? further : `Pulumi.${name}.yaml`;
  }

  /** `pulumi <command> --stack <name> ...`, which must succeed. */
  pulumi(command: string): Promise<string> {
    const byName = this.file === `Pulumi.${this.name}.yaml`;
    const named = readsFile.test(command) && !command.includes("--config-file") && !byName;
    const config = named ? ` --config-file ${this.file}` : "";
    return must(`pulumi ${command} --stack ${this.name}${config} --non-interactive`);
  }

  /** The resources that a preview announces: sorted URNs. */
  async previewed(): Promise<string[]> {
    const plan = JSON.parse(await this.pulumi("preview --json")) as { steps: { op: string; urn: string }[] };
    return ours(plan.steps.filter(({ op }) => op !== "delete").map(({ urn }) => urn));
  }

  /** The resources in the state: sorted URNs. */
  async exported(): Promise<string[]> {
    const state = JSON.parse(await this.pulumi("stack export")) as { deployment: { resources?: { urn: string }[] } };
    return ours((state.deployment.resources ?? []).map(({ urn }) => urn));
  }

  async outputs<T>(): Promise<T> {
    return JSON.parse(await this.pulumi("stack output --json --show-secrets")) as T;
  }

  /** The outputs of a cluster, which must be there, and so must those that are named. */
  async outputsOf<Key extends keyof ClusterOutputs = never>(
    cluster: string,
    ...keys: readonly Key[]
  ): Promise<Partial<ClusterOutputs> & Pick<ClusterOutputs, Key>> {
    const { clusters } = await this.outputs<{ clusters: Record<string, Partial<ClusterOutputs>> }>();
    const found = clusters[cluster];
    if (found === undefined)
      throw new Error(`No cluster "${cluster}" in the outputs: ${Object.keys(clusters).join(", ")}`);
    for (const key of keys)
      if (found[key] === undefined)
        throw new Error(`No ${key} among the outputs of "${cluster}": ${JSON.stringify(found)}`);
    return found as Partial<ClusterOutputs> & Pick<ClusterOutputs, Key>;
  }

  /** An output of a cluster, which must be there. */
  async outputOf<Key extends keyof ClusterOutputs>(cluster: string, key: Key): Promise<ClusterOutputs[Key]> {
    const outputs: Pick<ClusterOutputs, Key> = await this.outputsOf(cluster, key);
    return outputs[key];
  }

  /** `pulumi up` with some keys of the stack file set to something else, in a copy of that file. */
  async upWith(changes: Record<string, unknown>): Promise<void> {
    await this.pulumi(`up --yes --config-file ${await this.fileWith(changes)}`);
  }

  /** A copy of the stack file with some keys set to something else. */
  async fileWith(changes: Record<string, unknown>): Promise<string> {
    const document = parseDocument(await must(`cat ${this.file}`));
    for (const [path, value] of Object.entries(changes)) {
      const [key = "", ...rest] = path.split(".");
      document.setIn(["config", `istio-lab:${key}`, ...rest], document.createNode(value));
    }
    const file = join(await newFolder(), `Pulumi.${this.name}.yaml`);
    await writeFile(file, document.toString());
    return file;
  }

  /** From here on the stack file is a copy with some keys set to something else. */
  async edit(changes: Record<string, unknown>): Promise<void> {
    this.file = await this.fileWith(changes);
  }

  /** The API server's address, as the stack's kubeconfig has it. */
  async apiServer(cluster: string): Promise<string> {
    return (await this.kubectl(cluster, "config view -o jsonpath={.clusters[0].cluster.server}")).trim();
  }

  /** Fetches the stack's kubeconfigs into files of this run's own. */
  async connect(): Promise<void> {
    const { kubeconfigs } = await this.outputs<{ kubeconfigs: Record<string, string> }>();
    const folder = await newFolder();
    for (const [cluster, text] of Object.entries(kubeconfigs)) {
      const file = join(folder, cluster);
      await writeFile(file, text, { mode: 0o600 });
      this.kubeconfigs.set(cluster, file);
    }
  }

  /** Speaks to the clusters of another stack, on which this one stands. */
  standOn(other: Stack): void {
    this.kubeconfigs = other.kubeconfigs;
  }

  get clusters(): string[] {
    return [...this.kubeconfigs.keys()].sort();
  }

  kubectl(cluster: string, args: string): Promise<string> {
    return must(`kubectl --kubeconfig ${this.kubeconfig(cluster)} ${args}`);
  }

  istioctl(cluster: string, args: string): Promise<string> {
    return must(`istioctl --kubeconfig ${this.kubeconfig(cluster)} ${args}`);
  }

  /** A request from the curl pod of a cluster. Returns `<status> <body>`; status 000 is no answer. */
  async curl(cluster: string, args: string, namespace = "curl"): Promise<{ status: number; body: string }> {
    const marked = `curl -sS -m 10 -w '\\n%{http_code}' ${args}`;
    const { stdout } = await sh(
      `kubectl --kubeconfig ${this.kubeconfig(cluster)} exec -n ${namespace} deploy/curl -c curl -- ${marked}`,
    );
    return answer(stdout);
  }

  kubeconfig(cluster: string): string {
    const file = this.kubeconfigs.get(cluster);
    if (file === undefined) throw new Error(`No kubeconfig of "${cluster}": ${this.clusters.join(", ")}`);
    return file;
  }
}

/** A request from the user's machine, outside of every cluster. */
export async function curlFromOutside(args: string): Promise<{ status: number; body: string }> {
  return answer((await sh(`curl -sS -m 10 -w '\\n%{http_code}' ${args}`)).stdout);
}

function answer(stdout: string): { status: number; body: string } {
  const lines = stdout.trimEnd().split("\n");
  const status = Number(lines.pop() ?? "0");
  return { status, body: lines.join("\n") };
}
