/** `lab doctor`: whether `pulumi up` would work here. */
import { resolve } from "node:path";
import { runChecks } from "../checks/check.ts";
import { printChecks, type ReportOptions } from "../checks/report.ts";
import { planOf } from "../plan/plan-of.ts";
import { projectRoot } from "../plan/project.ts";
import { readSource } from "../plan/source.ts";
import { localCloudSocket } from "../stack/local-cloud.ts";
import { doctorChecks } from "./checks.ts";
import { thisMachine } from "./machine.ts";

export interface DoctorOptions extends ReportOptions {
  readonly configFile?: string;
}

/**
 * Asks everything and changes nothing.
 * @returns whether nothing failed
 * @throws UsageError where there is no such stack, or its file is not right
 */
export async function doctorCommand(stack: string | undefined, options: DoctorOptions): Promise<boolean> {
  const source = readSource({ stack, configFile: options.configFile });
  const plan = planOf(source);
  const localCloud = localCloudSocket() !== undefined;
  // Loaded only where they are needed: together they take most of a second.
  const aws = plan.platform === "eks" && !localCloud ? await import("../aws/account.ts") : undefined;
  const { kubeConfigOf } = await import("../stack/kubeconfig.ts");
  const checks = doctorChecks({
    source: { ...source, file: resolve(projectRoot, source.file) },
    plan,
    machine: thisMachine,
    account: (region) => {
      if (aws === undefined) throw new Error("Nobody asks AWS about clusters that it does not have.");
      return aws.accountIn(aws.clientsOf(region), source.stack);
    },
    context: async ({ existing }) => {
      if (existing !== undefined) await Promise.resolve(kubeConfigOf(existing, existing.kubeconfig));
    },
    localCloud,
    today: new Date().toISOString().slice(0, 10),
  });
  return printChecks(source.stack, await runChecks(checks), options);
}
