/** What Pulumi says of a stack that is up. */
import type { LabOutputs } from "../../topology/outputs.ts";
import { UsageError } from "../plan/usage-error.ts";
import { pulumi as realPulumi, type Pulumi } from "./pulumi.ts";
import { pulumiCommand } from "./typed.ts";

/**
 * The outputs of a stack.
 * @throws UsageError, in one sentence with what to type, where the stack is not known, its secrets cannot be read, or
 * nothing was made for it yet
 */
export async function readOutputs(stack: string, pulumi: Pulumi = realPulumi): Promise<LabOutputs> {
  const outputs = await outputsIfUp(stack, pulumi);
  if (outputs !== undefined) return outputs;
  // The outputs are written at the end of an `up`, so one that failed has none.
  const why = "it has no outputs, because no `pulumi up` has ended well since it was made or destroyed";
  throw new UsageError(`The stack ${stack} is not up: ${why}. Run it, again if need be: ${pulumiCommand("up", stack)}`);
}

/** The backend that is asked has no such stack: it was never made, was removed, or lies in another. */
export class UnknownStack extends UsageError {}

/**
 * As `readOutputs`, but undefined where the stack is known and nothing stands.
 * @throws UnknownStack, or another UsageError where it cannot be read
 */
export async function outputsIfUp(stack: string, pulumi: Pulumi = realPulumi): Promise<LabOutputs | undefined> {
  const { clusters, kubeconfigs, meshVersion, labId } = await allOutputs(stack, pulumi);
  return clusters && kubeconfigs && meshVersion && labId ? { clusters, kubeconfigs, meshVersion, labId } : undefined;
}

async function allOutputs(stack: string, pulumi: Pulumi): Promise<Partial<LabOutputs>> {
  let text: string;
  try {
    text = await pulumi("stack", "output", "--json", "--show-secrets", "--stack", stack);
  } catch (error) {
    const complaint = (error as Error).message.trim();
    throw new (notKnown.test(complaint) ? UnknownStack : UsageError)(whyNot(stack, complaint));
  }
  return JSON.parse(text) as Partial<LabOutputs>;
}

/** Pulumi's complaints, with what to do; those that are not known here stand as they are. */
function whyNot(stack: string, complaint: string): string {
  const known = complaints.find(({ pattern }) => pattern.test(complaint));
  return `The stack ${stack} cannot be read: ${known?.says(stack) ?? complaint}`;
}

const notKnown = /no stack named/i;

/** https://github.com/pulumi/pulumi/tree/master/pkg/cmd/pulumi has the words. */
const complaints: readonly { readonly pattern: RegExp; readonly says: (stack: string) => string }[] = [
  {
    pattern: notKnown,
    says: (stack) =>
      `the backend does not know it. \`pulumi whoami -v\` says which backend is asked, \`pulumi stack ls\` what it has; ` +
      `make it with: pulumi stack init ${stack} && ${pulumiCommand("up", stack)}`,
  },
  {
    pattern: /incorrect passphrase/i,
    says: () =>
      "PULUMI_CONFIG_PASSPHRASE is not the passphrase that it was made with, so its secrets stay closed. Set the right one.",
  },
  {
    pattern: /passphrase must be set/i,
    says: () =>
      "its secrets are protected by a passphrase. Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE.",
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i,
    says: () => "Pulumi is not logged in to a backend: `pulumi login`, or `pulumi login --local`.",
  },
];
