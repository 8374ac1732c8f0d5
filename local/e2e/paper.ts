/**
 * Clusters on paper: real API servers with their controllers and no nodes, on this machine's loopback interface. They
 * judge every object as any other does, and say of pods that they run; nothing does run. The program comes to them as to
 * clusters that exist already.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { environment, places } from "../commands/environment.ts";
import { toolsDir } from "../paths.ts";
import { installCommands, installPlugins } from "../plugins/host/launchers.ts";
import { type ControlPlane, startControlPlane } from "../test/kubernetes/control-plane.ts";
import { refreshWorkspace } from "../workspace.ts";
import { joinedKubeconfig } from "./kubeconfig.ts";

const project = join(import.meta.dirname, "..", "..");

/** Clusters on paper with a Pulumi of their own. */
export class PaperClusters {
  readonly #planes = new Map<string, ControlPlane>();
  readonly #folder = mkdtempSync(join(tmpdir(), "istio-lab-paper-"));
  readonly #at = places(this.#folder);

  get kubeconfig(): string {
    return join(this.#folder, "clusters");
  }

  /** One after the other, so that a small machine is not asked for all at once. */
  async start(names: readonly string[]): Promise<void> {
    installCommands(this.#at.bin);
    installPlugins(this.#at.pulumiHome, join(project, "node_modules"));
    mkdirSync(this.#at.backend, { recursive: true });
    refreshWorkspace(project, this.#at.workspace, toolsDir());
    for (const name of names) {
      const plane = await startControlPlane();
      this.#planes.set(name, plane);
      plane.runPods();
    }
    await writeFile(this.kubeconfig, joinedKubeconfig(this.#planes), { mode: 0o600 });
  }

  /** A record of the stack file for each; the addresses for others are nobody's (RFC 5737), since nobody calls. */
  records(): { name: string; network: string; context: string; apiServer: string }[] {
    return [...this.#planes.keys()].map((name, index) => ({
      name,
      network: `network-${name}`,
      context: name,
      apiServer: `https://192.0.2.${String(index + 1)}:6443`,
    }));
  }

  /** The stack file `stacks/<name>.yaml` with these keys set, or taken away where they are undefined; its path. */
  async stackFile(name: string, keys: Readonly<Record<string, unknown>>): Promise<string> {
    const document = parseDocument(await readFile(join(this.#at.workspace, "stacks", `${name}.yaml`), "utf8"));
    const all = { platform: "existing", kubeconfig: this.kubeconfig, clusters: this.records(), ...keys };
    for (const [key, value] of Object.entries(all)) {
      const path = ["config", `istio-lab:${key}`];
      if (value === undefined) document.deleteIn(path);
      else document.setIn(path, document.createNode(value));
    }
    // No istiod runs on paper, so nobody answers the webhook without which a pod with a proxy is refused.
    document.setIn(["config", "istio-lab:mesh", "values", "istiod", "global", "operatorManageWebhooks"], true);
    const file = join(this.#folder, `${name}.yaml`);
    await writeFile(file, document.toString());
    return file;
  }

  /** `pulumi <command>`, which must succeed. */
  async pulumi(...args: string[]): Promise<string> {
    // The state is written whole after each step otherwise: with a thousand resources most of the time, and nobody needs it.
    const env = { ...environment(this.#at, join(toolsDir(), "bin")), PULUMI_SKIP_CHECKPOINTS: "true" };
    const options = { cwd: this.#at.workspace, env, extendEnv: false, all: true } as const;
    return (await execa("pulumi", [...args, "--non-interactive"], { ...options, preferLocal: false })).all;
  }

  /** What the API server of a cluster answers. */
  async get<T>(name: string, path: string): Promise<T> {
    return (await this.plane(name).cluster.request("GET", path)) as T;
  }

  /** What the API server of a cluster answers to an object that it is to judge. */
  async post<T>(name: string, path: string, body: object): Promise<T> {
    return (await this.plane(name).cluster.request("POST", path, { body })) as T;
  }

  /** Names of the objects of a list. */
  async names(name: string, path: string): Promise<string[]> {
    const { items } = await this.get<{ items: { metadata: { name: string } }[] }>(name, path);
    return items.map(({ metadata }) => metadata.name);
  }

  plane(name: string): ControlPlane {
    const plane = this.#planes.get(name);
    if (plane === undefined) throw new Error(`There is no cluster "${name}" on paper.`);
    return plane;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#planes.values()].map((plane) => plane.stop()));
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
