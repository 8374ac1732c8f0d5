import { AwsError } from "../errors.ts";
import type { Props } from "../resource.ts";

interface HostedZone {
  id: string;
  /** In lower case, without a final dot. */
  name: string;
}

/** What the account had before anybody came: a domain that is delegated to Route 53. It is nobody's resource. */
const zones: readonly HostedZone[] = [{ id: "Z0123456789LABEXAMPLE", name: "lab.example" }];

/**
 * @throws AwsError as Route 53 answers a change in a zone that is not the account's
 */
export function zoneById(id: string): HostedZone {
  const zone = zones.find((each) => each.id === id);
  if (!zone) throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`);
  return zone;
}

/** A record's full name: what does not end in the zone's name is taken to be relative to it. */
export function fullName(name: string, zone: HostedZone): string {
  const lower = name.toLowerCase().replace(/\.$/, "");
  return lower === zone.name || lower.endsWith(`.${zone.name}`) ? lower : `${lower}.${zone.name}`;
}

/** By name or id, of the public zones. How many records a zone has, and who is authoritative for it, is not told. */
export function getZone(args: Props): Props {
  const { name, zoneId, privateZone } = args as { name?: string; zoneId?: string; privateZone?: boolean };
  const found = zones.find((zone) => zone.id === zoneId || zone.name === name?.toLowerCase().replace(/\.$/, ""));
  // The provider's own words: it lists the zones and picks.
  if (!found || privateZone) throw new AwsError("NotFound", "no matching Route 53 Hosted Zone found");
  return {
    ...{ id: found.id, zoneId: found.id, name: found.name, arn: `arn:aws:route53:::hostedzone/${found.id}` },
    ...{ privateZone: false, comment: "", callerReference: "", tags: {} },
  };
}
