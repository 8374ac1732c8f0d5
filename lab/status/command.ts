/** `lab status`: whether the lab that stands is what it is to be. */
import { lookup } from "node:dns/promises";
import { runChecks } from "../checks/check.ts";
import { printChecks, type ReportOptions } from "../checks/report.ts";
import { thisMachine } from "../doctor/machine.ts";
import { istioctlVersion } from "../doctor/tools.ts";
import { localCloudSocket } from "../stack/local-cloud.ts";
import { openStack } from "../stack/open-stack.ts";
import { statusChecks } from "./checks.ts";

export interface StatusOptions extends ReportOptions {
  readonly configFile?: string;
}

/**
 * Asks everything and changes nothing: where it tries what webhooks do, the API server is told to make nothing.
 * @returns whether nothing failed
 * @throws UsageError where there is no such stack, or nothing was made for it yet
 */
export async function statusCommand(stack: string | undefined, options: StatusOptions): Promise<boolean> {
  const lab = await openStack(stack, options.configFile);
  const printed = await thisMachine.prints("istioctl", "version", "--remote=false", "-o", "json");
  const resolves = (host: string): Promise<boolean> =>
    lookup(host).then(
      () => true,
      () => false,
    );
  const checks = statusChecks({
    lab,
    client: printed === undefined ? undefined : istioctlVersion(printed),
    // Names of the local cloud's load balancers are known inside its networks only.
    ...(localCloudSocket() === undefined ? { resolves } : {}),
    now: new Date(),
  });
  return printChecks(lab.stack, await runChecks(checks), options);
}
