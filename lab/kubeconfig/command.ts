/** `lab kubeconfig`: one file by which kubectl and istioctl reach every cluster of a lab. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { LabOutputs } from "../../topology/outputs.ts";
import { projectRoot } from "../plan/project.ts";
import { quoted } from "../plan/quoted.ts";
import { readSource } from "../plan/source.ts";
import { UsageError } from "../plan/usage-error.ts";
import { readOutputs } from "../stack/outputs.ts";
import { mergeKubeconfigs, type Part } from "./merge.ts";

export interface KubeconfigOptions {
  readonly configFile?: string;
  /** Default: `out/<stack>/kubeconfig` in the project. */
  readonly out?: string;
}

/**
 * Writes the file and prints what to type, which is all on standard output: `eval "$(lab kubeconfig multi)"` works.
 * @throws UsageError where there is no such stack, nothing was made for it yet, a cluster's own file is not right, or the file
 * cannot be written
 */
export async function kubeconfigCommand(
  named: string | undefined,
  { configFile, out }: KubeconfigOptions,
): Promise<void> {
  const { stack } = readSource({ stack: named, configFile });
  const outputs = await readOutputs(stack);
  const file = resolve(out ?? resolve(projectRoot, "out", stack, "kubeconfig"));
  writePrivately(file, stringify(mergeKubeconfigs(partsOf(outputs))));
  process.stderr.write(`contexts: ${Object.keys(outputs.clusters).join(", ")}\n`);
  process.stdout.write(`export KUBECONFIG=${quoted(file)}\n`);
}

function partsOf({ clusters, kubeconfigs }: LabOutputs): Part[] {
  return Object.entries(clusters).map(([name, { context }]) => {
    const kubeconfig = kubeconfigs[name] ?? "";
    if (context === undefined) return { name, config: parse(kubeconfig) as unknown };
    const file = kubeconfig.replace(/^~(?=\/)/, homedir());
    return { name, context, file, config: configOf(file) };
  });
}

function configOf(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`The kubeconfig ${file} cannot be read: ${oneLine(error)}. Its path is in the stack file.`);
  }
}

/**
 * Whole or not at all, and for nobody else's eyes: it may hold the keys of clusters that existed before.
 * @throws UsageError where it cannot be written
 */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // One that a killed run has left would keep its own mode.
    rmSync(draft, { force: true });
    try {
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, file);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be written: ${oneLine(error)}. Name another with --out.`);
  }
}

/** A YAML error shows the place over several lines. */
const oneLine = (error: unknown): string => (error as Error).message.trim().replace(/\s+/g, " ").replace(/[.:]$/, "");
