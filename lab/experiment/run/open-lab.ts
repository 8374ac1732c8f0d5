/** Opens a lab for experiments: with it, who can cut its networks, and `pulumi up`. */
import { relative } from "node:path";
import { openStack } from "../../stack/open-stack.ts";
import { projectRoot } from "../../plan/project.ts";
import { pulumi } from "../../stack/pulumi.ts";
import { choosePlatform } from "../platforms/choose.ts";
import type { RunningLab } from "./running-lab.ts";

/**
 * @param configFile the stack file of `pulumi up --config-file`, where it is not the stack's own
 * @throws UsageError where there is no such stack, or nothing was made for it yet
 */
export async function openLab(stack: string, configFile?: string): Promise<RunningLab> {
  const lab = await openStack(stack, configFile);
  return {
    ...lab,
    platform: await choosePlatform(lab.outputs),
    up: async (file) => {
      await pulumi("up", "--yes", "--stack", stack, "--config-file", relative(projectRoot, file));
    },
  };
}
