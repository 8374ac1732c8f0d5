/** Finds a lab that `pulumi up` has made. */
import { resolve } from "node:path";
import { ConnectedCluster } from "../cluster/connected-cluster.ts";
import { planOf } from "../plan/plan-of.ts";
import { projectRoot } from "../plan/project.ts";
import { readSource } from "../plan/source.ts";
import { UsageError } from "../plan/usage-error.ts";
import { kubeConfigOf } from "./kubeconfig.ts";
import { readOutputs } from "./outputs.ts";
import type { OpenStack } from "./stack.ts";
import { pulumiCommand } from "./typed.ts";

/**
 * @param named its name. Default: that of the file, or `single`
 * @param configFile the stack file of `pulumi up --config-file`, where it is not the stack's own
 * @throws UsageError where there is no such stack, or nothing was made for it yet
 */
export async function openStack(named: string | undefined, configFile?: string): Promise<OpenStack> {
  const source = readSource({ stack: named, configFile });
  const { stack } = source;
  const plan = planOf(source);
  const outputs = await readOutputs(stack);
  const clusters = plan.clusters.map(({ name }) => {
    const [output, kubeconfig] = [outputs.clusters[name], outputs.kubeconfigs[name]];
    if (output === undefined || kubeconfig === undefined)
      throw new UsageError(
        `The stack ${stack} has no cluster ${name} yet, though ${source.file} names it. ` +
          `Make it first: ${pulumiCommand("up", stack, source.file)}`,
      );
    return [name, new ConnectedCluster(name, kubeConfigOf(output, kubeconfig))] as const;
  });
  return { stack, file: resolve(projectRoot, source.file), plan, outputs, clusters: new Map(clusters) };
}
