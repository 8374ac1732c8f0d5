import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID, ec2Arn } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { Kind, Props, Resource, ResourceType } from "../resource.ts";
import type { SecurityGroupRule } from "../snapshot.ts";
import { blockProblem } from "./cidr-check.ts";
import { groupById, vpcById } from "./find.ts";
import { EgressRule, IngressRule, OldRule, SecurityGroup } from "./kinds.ts";
import type { GroupRuleState, InlineRule, OldRuleState, SecurityGroupState } from "./kinds.ts";
import { NetworkInterface } from "./network-interface.ts";
import { assertRules, fromInline, fromOld, fromRule, groupsNaming } from "./rules.ts";

type GroupInputs = Omit<SecurityGroupState, "arn" | "ingress" | "egress"> & {
  ingress?: InlineRule[];
  egress?: InlineRule[];
};

export const securityGroup: ResourceType<GroupInputs, SecurityGroupState> = {
  kind: SecurityGroup,
  replaceOn: ["name", "namePrefix", "description", "vpcId", "region"],
  computed: ["ingress", "egress", "name", "vpcId"],
  autoName: { property: "name", maxLength: 255, unless: "namePrefix" },
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  check(inputs, refuse) {
    const { name, description } = inputs;
    if (typeof name === "string" && name.startsWith("sg-"))
      refuse("name", `invalid value for name (cannot begin with sg-)`);
    if (typeof description === "string" && /[^\x20-\x7e]/.test(description)) {
      refuse(
        "description",
        `Value (${description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`,
      );
    }
    if (inputs["vpcId"] === undefined) refuse("vpcId", "the local cloud has no default VPC: name one");
    for (const direction of ["ingress", "egress"]) checkInlineRules(inputs, direction, refuse);
  },
  create(cloud, inputs, { region }) {
    vpcById(cloud, region, inputs.vpcId);
    const { name, vpcId } = inputs;
    if (cloud.all(SecurityGroup, region).some(({ state }) => state.name === name && state.vpcId === vpcId)) {
      const message = `The security group '${name}' already exists for VPC '${vpcId}'`;
      throw new AwsError("InvalidGroup.Duplicate", message);
    }
    const id = cloud.newId("sg");
    const arn = ec2Arn(region, `security-group/${id}`);
    const state = { ...inputs, ingress: [], egress: [], arn, ownerId: ACCOUNT_ID };
    const draft: Resource<SecurityGroupState> = { type: SecurityGroup.token, id, region, state };
    assertInline(cloud, draft, inputs);
    const { ingress = [], egress = [] } = inputs;
    return cloud.add(SecurityGroup, { id, region, state: { ...state, ingress, egress } });
  },
  update(cloud, group, inputs) {
    const { ingress, egress } = group.state;
    Object.assign(group.state, { ingress: inputs.ingress ? [] : ingress, egress: inputs.egress ? [] : egress });
    try {
      assertInline(cloud, group, inputs);
    } finally {
      Object.assign(group.state, { ingress, egress });
    }
  },
  delete: deleteGroup,
};

/** Refuse while an interface has the group or another group's rules name it; else its rules go with it. */
export function deleteGroup(cloud: Cloud, group: Resource<SecurityGroupState>): void {
  const attached = cloud.all(NetworkInterface).some(({ state }) => state.securityGroupIds.includes(group.id));
  if (attached || groupsNaming(cloud, group.id).length > 0) {
    throw new AwsError("DependencyViolation", `resource ${group.id} has a dependent object`);
  }
  for (const ruleKind of [IngressRule, EgressRule, OldRule] as Kind<{ securityGroupId: string }>[]) {
    for (const rule of cloud.all(ruleKind)) if (rule.state.securityGroupId === group.id) cloud.remove(rule);
  }
}

function assertInline(cloud: Cloud, group: Resource<SecurityGroupState>, { ingress = [], egress = [] }: GroupInputs) {
  assertRules(cloud, group, [
    ...ingress.flatMap((rule) => fromInline("ingress", rule, group.id)),
    ...egress.flatMap((rule) => fromInline("egress", rule, group.id)),
  ]);
}

function checkInlineRules(inputs: Props, direction: string, refuse: (property: string, reason: string) => void) {
  const rules = Array.isArray(inputs[direction]) ? (inputs[direction] as Props[]) : [];
  rules.forEach((rule, index) => {
    for (const unsupported of ["ipv6CidrBlocks", "prefixListIds"]) {
      const value = rule[unsupported];
      if (Array.isArray(value) && value.length > 0) {
        refuse(`${direction}[${index}].${unsupported}`, "the local cloud has IPv4 blocks and security groups only");
      }
    }
    checkBlocks(rule["cidrBlocks"], (reason) => refuse(`${direction}[${index}].cidrBlocks`, reason));
  });
}

function checkBlocks(blocks: unknown, refuse: (reason: string) => void): void {
  for (const block of Array.isArray(blocks) ? blocks : []) {
    const problem = blockProblem(block);
    if (problem) refuse(problem);
  }
}

/** vpc.SecurityGroupIngressRule and vpc.SecurityGroupEgressRule differ in their direction only. */
function separateRule(
  ruleKind: Kind<GroupRuleState>,
  direction: SecurityGroupRule["direction"],
): ResourceType<GroupRuleState, GroupRuleState> {
  return {
    kind: ruleKind,
    replaceOn: ["securityGroupId", "region"],
    check(inputs, refuse) {
      const peers = ["cidrIpv4", "referencedSecurityGroupId", "cidrIpv6", "prefixListId"].filter(
        (name) => inputs[name],
      );
      if (peers.length !== 1) {
        refuse(
          "cidrIpv4",
          `exactly one of cidr_ipv4, referenced_security_group_id must be specified, got ${peers.length}`,
        );
      } else if (peers[0] === "cidrIpv6" || peers[0] === "prefixListId") {
        refuse(peers[0], "the local cloud has IPv4 blocks and security groups only");
      }
      const problem = blockProblem(inputs["cidrIpv4"]);
      if (problem) refuse("cidrIpv4", problem);
      const needsPorts = inputs["ipProtocol"] === "tcp" || inputs["ipProtocol"] === "udp";
      if (needsPorts && (inputs["fromPort"] === undefined || inputs["toPort"] === undefined)) {
        refuse("fromPort", "TCP and UDP rules need from_port and to_port");
      }
    },
    create(cloud, inputs, { region }) {
      assertRules(cloud, groupById(cloud, region, inputs.securityGroupId), [fromRule(direction, inputs)]);
      const id = cloud.newId("sgr");
      const arn = ec2Arn(region, `security-group-rule/${id}`);
      return cloud.add(ruleKind, { id, region, state: { ...inputs, arn, securityGroupRuleId: id } as GroupRuleState });
    },
    update(cloud, { id, region }, inputs) {
      assertRules(cloud, groupById(cloud, region, inputs.securityGroupId), [fromRule(direction, inputs)], id);
    },
  };
}

export const ingressRule = separateRule(IngressRule, "ingress");
export const egressRule = separateRule(EgressRule, "egress");

export const oldRule: ResourceType<OldRuleState, OldRuleState> = {
  kind: OldRule,
  replaceOn: [
    ...[
      "cidrBlocks",
      "fromPort",
      "protocol",
      "securityGroupId",
      "self",
      "sourceSecurityGroupId",
      "toPort",
      "type",
      "region",
    ],
    ...["ipv6CidrBlocks", "prefixListIds"],
  ],
  defaults: { self: false },
  words: { type: ["ingress", "egress"] },
  check(inputs, refuse) {
    const peers = [inputs["cidrBlocks"], inputs["sourceSecurityGroupId"], inputs["self"] || undefined];
    if (peers.every((peer) => peer === undefined)) {
      refuse(
        "cidrBlocks",
        `one of "cidr_blocks", "self", or "source_security_group_id" must be set to create a Security Group Rule`,
      );
    }
    checkBlocks(inputs["cidrBlocks"], (reason) => refuse("cidrBlocks", reason));
  },
  create(cloud, inputs, { region }) {
    const group = groupById(cloud, region, inputs.securityGroupId);
    assertRules(cloud, group, fromOld(inputs));
    return cloud.add(OldRule, { id: cloud.newId("sgrule"), region, state: inputs });
  },
};
