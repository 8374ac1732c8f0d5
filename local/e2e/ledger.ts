/** The local cloud's ledger, which stands for AWS: what is in the account, and how a control breaks it. */
import { callCloud } from "../plugins/aws/transport.ts";

/** A resource in the ledger. `madeBy` names who made it when it was not Pulumi. */
export interface LedgerResource {
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly madeBy?: string;
}

export async function ledger(): Promise<LedgerResource[]> {
  return (await callCloud("/resources")) as LedgerResource[];
}

/** Removes one resource behind everybody's back, as a colleague in the AWS console would. */
export async function loseInAws(resource: LedgerResource): Promise<void> {
  await callCloud("/tamper", { type: resource.type, id: resource.id });
}

/** The one resource of a type in a region that fits; a control that broke nothing would prove nothing. */
export async function theOnly(type: string, region: string, fits: (resource: LedgerResource) => boolean = () => true) {
  const found = (await ledger()).filter(
    (resource) => resource.type === type && resource.region === region && fits(resource),
  );
  if (found.length !== 1) throw new Error(`${String(found.length)} of ${type} in ${region}, not one`);
  return found[0] as LedgerResource;
}
