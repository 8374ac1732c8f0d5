/** `lab audit`: whatever AWS still has of a lab, also after `pulumi destroy`. */
import type { LabOutputs } from "../../topology/outputs.ts";
import type { LabPlan } from "../../topology/types.ts";
import { outputColours } from "../plan/colours.ts";
import { planOf } from "../plan/plan-of.ts";
import { readSource } from "../plan/source.ts";
import { UsageError } from "../plan/usage-error.ts";
import { localCloudSocket } from "../stack/local-cloud.ts";
import { outputsIfUp, UnknownStack } from "../stack/outputs.ts";
import { halfwayOf } from "./halfway.ts";
import { type Identity, leftoversOf } from "./leftovers.ts";
import { ledgerInventory } from "./ledger.ts";
import { type Audit, auditLines, isClean, notesOn } from "./report.ts";
import type { Inventory } from "./resource.ts";

export interface AuditOptions {
  readonly configFile?: string;
  readonly labId?: string;
  /** Default: the stack's regions; without a stack all that the account may use. */
  readonly region?: readonly string[];
  readonly json?: boolean;
}

/**
 * Asks AWS, or the local cloud in a shell of it, and changes nothing.
 * @returns whether nothing is left, and everybody could be asked
 * @throws UsageError where neither a stack nor an id is named, or there is no such stack
 */
export async function auditCommand(named: string | undefined, options: AuditOptions): Promise<boolean> {
  const { configFile, labId } = options;
  if (named === undefined && configFile === undefined && labId === undefined)
    throw new UsageError("Name a stack, or the id of a lab: lab audit multi, or lab audit --lab-id 0badcafe");
  const source = named === undefined && configFile === undefined ? undefined : readSource({ stack: named, configFile });
  const audit = await auditOf(source?.stack, source === undefined ? undefined : planOf(source), options);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ ...audit, clean: isClean(audit) }, null, 2)}\n`);
  else {
    process.stdout.write([...auditLines(audit, outputColours()), ""].join("\n"));
  }
  return isClean(audit);
}

async function auditOf(
  stack: string | undefined,
  plan: LabPlan | undefined,
  { labId, region }: AuditOptions,
): Promise<Audit> {
  const of = stack === undefined ? `the lab ${labId ?? ""}` : `the stack ${stack}`;
  const socket = localCloudSocket();
  if (plan?.platform === "existing" && region === undefined && socket === undefined)
    return { of, notAsked: notTheLabs, notes: [], left: [], unasked: [] };
  const { outputs, halfway, unread } = stack === undefined ? {} : await whatPulumiSays(stack);
  const identity = identityOf(stack, plan, labId, outputs);
  const { resources, unasked } = await inventoryOf(socket, plan, region);
  const left = leftoversOf(resources, identity);
  const known = {
    ...(stack === undefined || outputs === undefined ? {} : { up: stack }),
    ...(halfway === undefined ? {} : { halfway }),
    ...(unread === undefined ? {} : { unread }),
    left,
  };
  return { of, ...known, notes: notesOn(known, identity), unasked };
}

const notTheLabs =
  "its clusters existed before and are not the lab's, which itself made nothing in AWS. " +
  "To look all the same, say where: --region us-east-1";

/** After `pulumi stack rm` there is no stack to read, and an audit is still to be had. */
async function whatPulumiSays(stack: string): Promise<{ outputs?: LabOutputs } & Pick<Audit, "halfway" | "unread">> {
  try {
    const outputs = await outputsIfUp(stack);
    if (outputs !== undefined) return { outputs };
    const halfway = await halfwayOf(stack);
    return halfway === undefined ? {} : { halfway };
  } catch (error) {
    if (error instanceof UnknownStack)
      return {
        unread:
          `the backend does not know the stack ${stack}. That is right after \`pulumi stack rm\`; ` +
          "`pulumi whoami -v` says which backend is asked.",
      };
    return { unread: (error as Error).message };
  }
}

/**
 * What the stack's outputs say, if it is up. After a destroy, or without its backend, its name is enough: everything
 * that the lab makes carries it.
 */
function identityOf(
  stack: string | undefined,
  plan: LabPlan | undefined,
  labId: string | undefined,
  outputs: LabOutputs | undefined,
): Identity {
  // Clusters that existed before are called as their owners like.
  const clusters = plan?.platform === "eks" ? plan.clusters.map(({ name }) => name) : [];
  if (stack === undefined) return { ...(labId === undefined ? {} : { labId }), eksNames: [], clusters };
  const id = labId ?? outputs?.labId;
  return {
    stack,
    ...(id === undefined ? {} : { labId: id }),
    eksNames: Object.values(outputs?.clusters ?? {}).flatMap(({ eksName }) => eksName ?? []),
    clusters,
  };
}

async function inventoryOf(
  socket: string | undefined,
  plan: LabPlan | undefined,
  regions: readonly string[] | undefined,
): Promise<Inventory> {
  if (socket !== undefined) return ledgerInventory(socket);
  // Loaded only here: AWS's SDK takes most of a second.
  const { accountInventory } = await import("./account.ts");
  const own = plan === undefined ? undefined : [...new Set(plan.clusters.map(({ region }) => region))];
  return accountInventory({ regions: regions ?? own, clusters: plan?.clusters.map(({ name }) => name) ?? [] });
}
