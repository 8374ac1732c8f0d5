/** The program that `pulumi up` runs: configuration in, plan, resources, outputs. */
import * as pulumi from "@pulumi/pulumi";
import { Lab, type LiveLabOutputs } from "./components/lab.ts";
import { LabConfigError, secretInClear } from "./topology/errors.ts";
import { labName } from "./topology/names.ts";
import { planConfig, planningTime } from "./topology/plan.ts";
import { encrypted } from "./topology/trust.ts";
import type { LabPlan } from "./topology/types.ts";

/** Every `istio-lab:` key of the stack file, as written there: structures and numbers are JSON text, the rest is text. */
function rawConfig(): Record<string, unknown> {
  const prefix = `${new pulumi.Config().name}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const secrets = entries.map(([key]) => key).filter(isSecret);
  const raw = Object.fromEntries(entries.map(([key, text]) => [key.slice(prefix.length), parsed(text)]));
  const kept = secrets.map((key) => key.slice(prefix.length)).filter((key) => key !== "ca" || !hasRootKey(raw[key]));
  if (kept.length > 0) throw new LabConfigError(kept.map(secretInClear));
  return secrets.includes(`${prefix}ca`) ? { ...raw, ca: { ...(raw["ca"] as object), rootKey: encrypted } } : raw;
}

const hasRootKey = (value: unknown): value is { rootKey: unknown } =>
  typeof value === "object" && value !== null && "rootKey" in value;

/** The one secret of a stack file. It goes past the plan, which is plain data, to the resources that keep it secret. */
function rootKey(plan: LabPlan): pulumi.Output<string> | undefined {
  if (plan.ca.ownRoots.length === 0) return undefined;
  return new pulumi.Config().requireSecretObject<{ rootKey: string }>("ca").apply((ca) => ca.rootKey);
}

/** Which keys hold an encrypted value is known to the SDK, but not to its types. */
function isSecret(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Plans, or ends the program with every problem and without a stack trace, before any resource is made. */
function planOrExplain(): LabPlan {
  try {
    return planConfig(rawConfig(), planningTime(new Date()));
  } catch (error) {
    throw error instanceof LabConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/**
 * Leaves out two habits of Pulumi's runner that cost more than the whole program (`npm run bench`). It maps each of the
 * dozens of stacks that the SDK takes per resource through source maps, while what runs here is what was written. And
 * it sends the engine every debug message of the SDK, one after the other; whoever wants them in `pulumi up --debug`
 * sets ISTIO_LAB_DEBUG.
 */
function runLean(): void {
  Reflect.deleteProperty(Error, "prepareStackTrace");
  if (process.env["ISTIO_LAB_DEBUG"] === undefined) Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}

export default function program(): LiveLabOutputs {
  runLean();
  const plan = planOrExplain();
  for (const { code, path, message } of plan.warnings) void pulumi.log.warn(`${code} at istio-lab:${path}: ${message}`);
  return new Lab(labName, { plan, rootKey: rootKey(plan) }).outputs;
}
