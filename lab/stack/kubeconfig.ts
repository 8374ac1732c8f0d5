/** How a lab's clusters are reached: what the stack's outputs say, as a client reads it. */
import { homedir } from "node:os";
import { KubeConfig } from "@kubernetes/client-node";
import type { ClusterOutputs } from "../../topology/outputs.ts";
import { UsageError } from "../plan/usage-error.ts";

/**
 * A cluster that exists already has a kubeconfig file of its owner's, and a context in it.
 * @param kubeconfig its text, or for such a cluster the file's path
 * @throws UsageError where the file cannot be read, or has no such context
 */
export function kubeConfigOf({ context }: Pick<ClusterOutputs, "context">, kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  if (context === undefined) {
    config.loadFromString(kubeconfig);
    return config;
  }
  const file = kubeconfig.replace(/^~(?=\/)/, homedir());
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw new UsageError(
      `The kubeconfig ${file} cannot be read: ${(error as Error).message}. Its path is in the stack file.`,
    );
  }
  if (config.getContextObject(context) === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw new UsageError(
      `The kubeconfig ${file} has no context "${context}", only ${names.join(", ") || "none"}. ` +
        "The stack file names it as the cluster's `context`.",
    );
  }
  config.setCurrentContext(context);
  return config;
}
