/**
 * What AWS made for a killed run without anybody hearing of it. The state has the list of what was begun; each is found
 * in AWS by the lab's tag, or, where it carries none, by its parent. docs/en/recovery.md has the same rules.
 */

/** What AWS holds. */
export interface Held {
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly state: Readonly<Record<string, unknown>>;
}

/** A creation that was begun, as Pulumi's state has it. */
export interface Begun {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export const labIdTag = "istio-lab/id";

/** Types that carry no tags, with the properties by which one is found: its parent first. */
export const parents: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/route:Route": ["routeTableId", "destinationCidrBlock"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["routeTableId", "subnetId"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role", "policyArn"],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": ["clusterName", "principalArn", "policyArn"],
  "aws:route53/record:Record": ["zoneId", "name", "setIdentifier"],
};

/**
 * Of what AWS holds, what is a begun creation's and not in the state.
 * @throws Error about a creation that is found neither by a tag nor by a parent
 */
export function unheard(held: readonly Held[], begun: readonly Begun[], recorded: ReadonlySet<string>): Held[] {
  const searches = begun.filter(({ type }) => type.startsWith("aws:")).map(searchFor);
  return held.filter((one) => !recorded.has(`${one.type} ${one.id}`) && searches.some((finds) => finds(one)));
}

function searchFor({ urn, type, inputs = {} }: Begun): (one: Held) => boolean {
  const lab = labOf(inputs);
  if (lab !== undefined) return (one) => one.type === type && labOf(one.state) === lab;
  const properties = parents[type];
  if (properties === undefined) {
    throw new Error(`${urn} carries no tag ${labIdTag}, and nothing says at which parent it is found`);
  }
  return (one) => one.type === type && properties.every((property) => one.state[property] === inputs[property]);
}

export function labOf({ tags }: Readonly<Record<string, unknown>>): string | undefined {
  return (tags as Readonly<Record<string, string>> | undefined)?.[labIdTag];
}
