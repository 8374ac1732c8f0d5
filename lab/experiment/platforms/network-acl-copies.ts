/** Copies of network ACLs that stand in for them while a network is cut: see eks.ts. */
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclCommand,
  DescribeNetworkAclsCommand,
  type EC2Client,
  type NetworkAcl,
  ReplaceNetworkAclAssociationCommand,
} from "@aws-sdk/client-ec2";
import * as z from "zod";
import { ruleShape } from "./network-acl-rules.ts";

/** As much of a client as is used. */
export type Ec2 = Pick<EC2Client, "send">;

/** On copies only: which cut it is of, and whose copy it is. By these a copy that was left behind is found. */
export const cutTag = "istio-lab/cut";
export const copyOfTag = "istio-lab/copy-of";

/** Everything that the copies are made of, so that nothing has to be looked up between the journal and the cut. */
export const preparedCut = z.object({
  /** The value of `cutTag`. */
  id: z.string(),
  region: z.string(),
  vpc: z.string(),
  tags: z.record(z.string(), z.string()),
  copies: z.array(
    z.object({
      /** The ACL that the subnets have, and get back. */
      of: z.string(),
      rules: z.array(ruleShape),
      subnets: z.array(z.object({ id: z.string(), association: z.string() })),
    }),
  ),
});
export type PreparedCut = z.infer<typeof preparedCut>;
export type Copy = PreparedCut["copies"][number];

/** Every copy with all its rules before the first subnet gets one: half of the rules would be another experiment. */
export async function cutOff(ec2: Ec2, plan: PreparedCut): Promise<void> {
  const standing = await copiesOf(ec2, plan.id);
  const made: { copy: Copy; acl: NetworkAcl }[] = [];
  for (const copy of plan.copies) {
    const acl = standing.find((each) => tagOf(each, copyOfTag) === copy.of) ?? (await createCopy(ec2, plan, copy));
    await settled(missingRules(copy, acl).map((rule) => createRule(ec2, acl, rule)));
    made.push({ copy, acl });
  }
  await settled(made.flatMap(({ copy, acl }) => replaceAssociations(ec2, copy, acl)));
}

async function createCopy(ec2: Ec2, { id, vpc, tags }: PreparedCut, { of }: Copy): Promise<NetworkAcl> {
  const all = Object.entries({ ...tags, [cutTag]: id, [copyOfTag]: of });
  const { NetworkAcl } = await ec2.send(
    new CreateNetworkAclCommand({
      VpcId: vpc,
      // Asked twice, AWS makes one; 64 characters at most.
      ClientToken: `${id}-${of}`,
      TagSpecifications: [{ ResourceType: "network-acl", Tags: all.map(([Key, Value]) => ({ Key, Value })) }],
    }),
  );
  return known(NetworkAcl, "NetworkAcl");
}

function missingRules({ rules }: Copy, { Entries = [] }: NetworkAcl): Copy["rules"] {
  return rules.filter(
    (rule) => !Entries.some(({ Egress, RuleNumber }) => Egress === rule.Egress && RuleNumber === rule.RuleNumber),
  );
}

async function createRule(ec2: Ec2, { NetworkAclId }: NetworkAcl, rule: Copy["rules"][number]): Promise<void> {
  await unless("NetworkAclEntryAlreadyExists", () =>
    ec2.send(new CreateNetworkAclEntryCommand({ NetworkAclId, ...rule })),
  );
}

/** An association has another id after each change, so those of a copy are not those that the journal knows. */
function replaceAssociations(ec2: Ec2, { subnets }: Copy, { NetworkAclId, Associations = [] }: NetworkAcl) {
  return subnets
    .filter(({ id }) => !Associations.some(({ SubnetId }) => SubnetId === id))
    .map(({ association: AssociationId }) =>
      ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId })),
    );
}

/** The copies themselves say whose they are, so a journal's other contents are not needed. */
export async function giveBack(ec2: Ec2, id: string): Promise<void> {
  const copies = await copiesOf(ec2, id);
  await settled(
    copies.map(async (copy) => {
      const NetworkAclId = known(tagOf(copy, copyOfTag), copyOfTag);
      await settled(
        (copy.Associations ?? []).map(({ NetworkAclAssociationId: AssociationId }) =>
          ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId })),
        ),
      );
      await unless("InvalidNetworkAclID.NotFound", () =>
        ec2.send(new DeleteNetworkAclCommand({ NetworkAclId: copy.NetworkAclId })),
      );
    }),
  );
}

async function copiesOf(ec2: Ec2, id: string): Promise<NetworkAcl[]> {
  const { NetworkAcls = [] } = await ec2.send(
    new DescribeNetworkAclsCommand({ Filters: [filter(`tag:${cutTag}`, [id])] }),
  );
  return NetworkAcls;
}

/** As `Promise.all`, but fails only when nothing is under way any more, which would get past a mending. */
async function settled(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** Does it; that refusal of AWS means that it was done before. */
async function unless(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== code) throw error;
  }
}

export const filter = (Name: string, Values: string[]): { Name: string; Values: string[] } => ({ Name, Values });

export const tagOf = ({ Tags = [] }: NetworkAcl, key: string): string | undefined =>
  Tags.find(({ Key }) => Key === key)?.Value;

/** Of an answer, in which the SDK takes every property to be optional. */
export function known<T>(value: T | undefined, property: string): T {
  if (value === undefined) throw new Error(`AWS's answer lacks ${property}.`);
  return value;
}
