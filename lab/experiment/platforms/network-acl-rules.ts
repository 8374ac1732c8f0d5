/** The rules of a network ACL: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
import type { NetworkAcl } from "@aws-sdk/client-ec2";
import * as z from "zod";

/** In the words of EC2's API, which are the same for asking and for making. */
export const ruleShape = z.object({
  Egress: z.boolean(),
  /** Evaluated in this order; the first that matches decides. */
  RuleNumber: z.number(),
  /** `-1` is every protocol. */
  Protocol: z.string(),
  RuleAction: z.enum(["allow", "deny"]),
  CidrBlock: z.string().optional(),
  Ipv6CidrBlock: z.string().optional(),
  PortRange: z.object({ From: z.number().optional(), To: z.number().optional() }).optional(),
  IcmpTypeCode: z.object({ Code: z.number().optional(), Type: z.number().optional() }).optional(),
});
export type Rule = z.infer<typeof ruleShape>;

export interface Denying {
  readonly blocks: readonly string[];
  /** What it is for, for the message of an error. */
  readonly says: string;
}

/** Above it stand only the rules that deny what none before has matched, which AWS makes and nobody can change. */
const lastNumber = 32_766;

/**
 * Rules of one address family in one direction, AWS's own last one included, unless the account's quota was raised.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const quota = 20;

/**
 * The rules of an ACL, in both directions, with those before them that deny the blocks. Being stateless, an ACL has to
 * deny answers as well as questions. Numbers begin at 1, because those of the original may leave no room before them.
 * @throws Error when these are more rules than AWS takes
 */
export function denyingRules(acl: NetworkAcl, { blocks, says }: Denying): Rule[] {
  return [false, true].flatMap((Egress) => {
    const kept = ruleShape
      .array()
      .parse((acl.Entries ?? []).filter((entry) => entry.Egress === Egress && (entry.RuleNumber ?? 0) <= lastNumber))
      .sort((a, b) => a.RuleNumber - b.RuleNumber);
    const denied = blocks.map((CidrBlock) => ({ CidrBlock, Protocol: "-1", RuleAction: "deny" as const }));
    const room = quota - 1 - kept.filter(({ CidrBlock }) => CidrBlock !== undefined).length;
    if (denied.length > room) {
      throw new Error(
        `"${says}" needs ${denied.length} rules in a copy of network ACL ${acl.NetworkAclId ?? ""}, which has room for ` +
          `${room}: AWS takes ${quota} in each direction. Name fewer blocks that are larger.`,
      );
    }
    return [...denied, ...kept].map((rule, index) => ({ ...rule, Egress, RuleNumber: index + 1 }));
  });
}
