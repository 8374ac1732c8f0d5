/** The local cloud's ledger, which stands for AWS: what is in the account, and how a control breaks it. */
import { callCloud } from "../plugins/aws/transport.ts";

/** A resource in the ledger. `madeBy` names who made it when it was not Pulumi. */
export interface LedgerResource {
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly madeBy?: string;
  /** Its properties, named as in Pulumi. */
  readonly state: Readonly<Record<string, unknown>>;
}

export async function ledger(): Promise<LedgerResource[]> {
  return (await callCloud("/resources")) as LedgerResource[];
}

/** Removes resources behind everybody's back, as a colleague in the AWS console would. */
export async function loseInAws(resources: readonly LedgerResource[]): Promise<void> {
  for (const { type, id } of resources) await callCloud("/tamper", { type, id });
}

/** A route over a VPC peering. */
export const isPeered = ({ state }: LedgerResource): boolean => Boolean(state["vpcPeeringConnectionId"]);

/** Overwrites properties of a resource behind everybody's back. */
export async function changeInAws({ type, id }: LedgerResource, state: LedgerResource["state"]): Promise<void> {
  await callCloud("/tamper", { type, id, state });
}

/** The resources of a type in a region that fit, at least one: a control that broke nothing would prove nothing. */
export async function inRegion(
  type: string,
  region: string,
  fits: (resource: LedgerResource) => boolean = () => true,
): Promise<LedgerResource[]> {
  const found = (await ledger()).filter(
    (resource) => resource.type === type && resource.region === region && fits(resource),
  );
  if (found.length === 0) throw new Error(`There is no ${type} in ${region}.`);
  return found;
}
