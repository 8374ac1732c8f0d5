import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { kubeconfigText } from "../api/kubeconfig.ts";
import type { Properties } from "../../host/values.ts";
import type { Session } from "../session.ts";

/** One use of the helm command, with files of its own that are gone afterwards. */
export interface Helm {
  /** A file with the values, for `--values`. */
  valuesFile: string;
  /** Runs helm and gives its standard output. @throws HelmError */
  run(args: string[]): Promise<string>;
}

/** What helm said when it failed. */
export class HelmError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HelmError";
  }
}

/**
 * Runs helm with a kubeconfig and values in files that only this user can read, and with caches of its own: nothing is
 * left behind, and nothing is written to the user's home. A cancelled run interrupts helm, which then marks the
 * release as failed.
 */
export async function withHelm<T>(session: Session, values: Properties, use: (helm: Helm) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "istio-lab-helm-"));
  try {
    const kubeconfig = join(folder, "kubeconfig.json");
    const valuesFile = join(folder, "values.json");
    await writeFile(kubeconfig, kubeconfigText(session.cluster.context), { mode: 0o600 });
    await writeFile(valuesFile, JSON.stringify(values), { mode: 0o600 });
    return await use({ valuesFile, run: (args) => runHelm(args, kubeconfig, folder, session.signal) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runHelm(args: string[], kubeconfig: string, folder: string, signal: AbortSignal): Promise<string> {
  const child = execa("helm", args, {
    env: {
      HELM_CACHE_HOME: join(folder, "cache"),
      HELM_CONFIG_HOME: join(folder, "config"),
      HELM_DATA_HOME: join(folder, "data"),
      KUBECACHEDIR: join(folder, "discovery"),
      KUBECONFIG: kubeconfig,
    },
    reject: false,
    stdin: "ignore",
    maxBuffer: 64 * 1024 * 1024,
  });
  const interrupt = () => child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  const result = await child;
  signal.removeEventListener("abort", interrupt);
  if (result.code === "ENOENT") throw new HelmError("the command `helm` was not found on PATH");
  if (result.failed) throw new HelmError(errorText(result.stderr) || (result.shortMessage ?? "helm failed"));
  return result.stdout;
}

/** Helm logs before it fails; the failure itself begins with `Error:`. */
export function errorText(stderr: string): string {
  const start = stderr.lastIndexOf("Error: ");
  return (start < 0 ? stderr : stderr.slice(start + "Error: ".length)).trim();
}
