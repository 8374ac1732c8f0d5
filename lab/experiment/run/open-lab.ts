/** Finds a lab that `pulumi up` has made: what Pulumi says of it, and connections to its clusters. */
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { KubeConfig } from "@kubernetes/client-node";
import { planConfig, planningTime } from "../../../topology/plan.ts";
import type { ClusterOutputs, LabOutputs } from "../../../topology/outputs.ts";
import { readSource } from "../../plan/source.ts";
import { UsageError } from "../../plan/usage-error.ts";
import { choosePlatform } from "../platforms/choose.ts";
import { ConnectedCluster } from "./connected-cluster.ts";
import type { RunningLab } from "./running-lab.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * @param configFile the stack file of `pulumi up --config-file`, where it is not the stack's own
 * @throws UsageError where there is no such stack, or nothing was made for it yet
 */
export async function openLab(stack: string, configFile?: string): Promise<RunningLab> {
  const source = readSource({ stack, configFile });
  const plan = planConfig(source.raw, planningTime(new Date()));
  const outputs = await readOutputs(stack);
  const clusters = plan.clusters.map(({ name }) => {
    const [output, kubeconfig] = [outputs.clusters[name], outputs.kubeconfigs[name]];
    if (output === undefined || kubeconfig === undefined)
      throw new UsageError(notUp(stack, `it has no cluster ${name}`));
    return [name, new ConnectedCluster(name, configOf(output, kubeconfig))] as const;
  });
  return {
    stack,
    file: resolve(root, source.file),
    plan,
    outputs,
    clusters: new Map(clusters),
    platform: await choosePlatform(outputs),
    up: async (file) => {
      await pulumi("up", "--yes", "--stack", stack, "--config-file", relative(root, file));
    },
  };
}

async function readOutputs(stack: string): Promise<LabOutputs> {
  const text = await pulumi("stack", "output", "--json", "--show-secrets", "--stack", stack).catch((error: unknown) => {
    throw new UsageError(notUp(stack, (error as Error).message));
  });
  const outputs = JSON.parse(text) as Partial<LabOutputs>;
  const { clusters, kubeconfigs, meshVersion, labId } = outputs;
  if (!clusters || !kubeconfigs || !meshVersion || !labId)
    throw new UsageError(notUp(stack, "nothing was made for it yet"));
  return { clusters, kubeconfigs, meshVersion, labId };
}

const notUp = (stack: string, why: string): string =>
  `The stack ${stack} is not up: ${why.trim()}. Experiments need a lab that stands: pulumi up --stack ${stack}`;

/** A cluster that exists already has a kubeconfig file of its owner's, and a context in it. */
function configOf({ context }: ClusterOutputs, kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  if (context === undefined) {
    config.loadFromString(kubeconfig);
    return config;
  }
  config.loadFromFile(kubeconfig.replace(/^~(?=\/)/, homedir()));
  config.setCurrentContext(context);
  return config;
}

/**
 * Runs Pulumi in the project.
 * @returns what it printed
 * @throws Error with the last of what it complained of; the rest of its output may hold secrets and is not shown
 */
function pulumi(...args: string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn("pulumi", [...args, "--non-interactive"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk.toString()));
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = "the command `pulumi` is not there: https://www.pulumi.com/docs/install/";
      fail(error.code === "ENOENT" ? new Error(missing) : error);
    });
    child.on("close", (code) => {
      if (code === 0) done(out.join(""));
      else fail(new Error(complaint(err.join("")) || complaint(errorsIn(out.join(""))) || `pulumi ended with ${code}`));
    });
  });
}

const complaint = (text: string): string => text.trim().split("\n").slice(-5).join("\n");

/** In `up` Pulumi complains among its output, and writes `[secret]` for each value that is one. */
const errorsIn = (output: string): string =>
  output
    .split("\n")
    .filter((line) => /^\s*error: /.test(line))
    .join("\n");
