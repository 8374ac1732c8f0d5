import { isDeepStrictEqual } from "node:util";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { Resource } from "../resource.ts";
import type { SecurityGroupRule } from "../snapshot.ts";
import { groupById, otherEnd } from "./find.ts";
import { EgressRule, IngressRule, OldRule, Peering, SecurityGroup } from "./kinds.ts";
import type { GroupRuleState, InlineRule, OldRuleState, SecurityGroupState } from "./kinds.ts";

type Direction = SecurityGroupRule["direction"];
type Peer = SecurityGroupRule["peer"];

/** Every rule of a group, whichever of the three kinds of resource made it. `except` leaves out one such record. */
export function rulesOf(cloud: Cloud, group: Resource<SecurityGroupState>, except?: string): SecurityGroupRule[] {
  const { region, state } = group;
  const ofGroup = (rule: { id: string; state: { securityGroupId: string } }) =>
    rule.state.securityGroupId === group.id && rule.id !== except;
  return [
    ...state.ingress.flatMap((rule) => fromInline("ingress", rule, group.id)),
    ...state.egress.flatMap((rule) => fromInline("egress", rule, group.id)),
    ...cloud
      .all(IngressRule, region)
      .filter(ofGroup)
      .map((rule) => fromRule("ingress", rule.state)),
    ...cloud
      .all(EgressRule, region)
      .filter(ofGroup)
      .map((rule) => fromRule("egress", rule.state)),
    ...cloud
      .all(OldRule, region)
      .filter(ofGroup)
      .flatMap((rule) => fromOld(rule.state)),
  ];
}

/** Groups whose rules name the given one, itself left out. */
export function groupsNaming(cloud: Cloud, groupId: string): Resource<SecurityGroupState>[] {
  return cloud
    .all(SecurityGroup)
    .filter((group) => group.id !== groupId)
    .filter((group) => rulesOf(cloud, group).some(({ peer }) => peer.kind === "security-group" && peer.id === groupId));
}

export function fromInline(direction: Direction, rule: InlineRule, groupId: string): SecurityGroupRule[] {
  return [
    ...(rule.cidrBlocks ?? []).map((cidr): Peer => ({ kind: "cidr", cidr })),
    ...(rule.securityGroups ?? []).map((id): Peer => ({ kind: "security-group", id })),
    ...(rule.self ? [{ kind: "security-group", id: groupId } as const] : []),
  ].map((peer) => ruleOf(direction, rule.protocol, rule.fromPort, rule.toPort, peer));
}

export function fromOld(rule: OldRuleState): SecurityGroupRule[] {
  const { protocol, fromPort, toPort, cidrBlocks = [], sourceSecurityGroupId, self = false } = rule;
  const securityGroups = sourceSecurityGroupId ? [sourceSecurityGroupId] : [];
  return fromInline(rule.type, { protocol, fromPort, toPort, cidrBlocks, securityGroups, self }, rule.securityGroupId);
}

export function fromRule(direction: Direction, rule: GroupRuleState): SecurityGroupRule {
  const peer: Peer = rule.referencedSecurityGroupId
    ? { kind: "security-group", id: rule.referencedSecurityGroupId }
    : { kind: "cidr", cidr: rule.cidrIpv4 ?? "" };
  return ruleOf(direction, rule.ipProtocol, rule.fromPort, rule.toPort, peer);
}

const PROTOCOLS: Record<string, string> = { all: "-1", "6": "tcp", "17": "udp", "1": "icmp" };

function ruleOf(direction: Direction, name: string, from: number | undefined, to: number | undefined, peer: Peer) {
  const protocol = PROTOCOLS[name.toLowerCase()] ?? name.toLowerCase();
  const ports = protocol === "-1" || from === undefined || from === -1 ? {} : { fromPort: from, toPort: to ?? from };
  return { direction, protocol, ...ports, peer };
}

/** Refuse what AuthorizeSecurityGroupIngress and -Egress refuse. */
export function assertRules(
  cloud: Cloud,
  group: Resource<SecurityGroupState>,
  rules: SecurityGroupRule[],
  except?: string,
) {
  const present = rulesOf(cloud, group, except);
  for (const rule of rules) {
    assertPorts(rule);
    if (rule.peer.kind === "security-group") assertReachable(cloud, group, rule.peer.id);
    if (present.some((other) => isDeepStrictEqual(other, rule))) throw duplicate(rule);
    present.push(rule);
  }
}

function assertPorts({ protocol, fromPort = 0, toPort = 0 }: SecurityGroupRule): void {
  if (!["-1", "tcp", "udp", "icmp"].includes(protocol)) {
    throw new AwsError("InvalidParameterValue", `Invalid value '${protocol}' for IP protocol. Unknown protocol.`);
  }
  const wrong = fromPort > toPort || fromPort < 0 || toPort > 65535;
  if ((protocol === "tcp" || protocol === "udp") && wrong) {
    throw new AwsError("InvalidParameterValue", `Invalid ${protocol.toUpperCase()} port range (${fromPort}:${toPort})`);
  }
}

/** A group can be named within its VPC, and over an accepted peering inside one region; never across regions. */
function assertReachable(cloud: Cloud, group: Resource<SecurityGroupState>, id: string): void {
  if (id === group.id) return;
  const named = groupById(cloud, group.region, id);
  if (named.state.vpcId === group.state.vpcId) return;
  const peered = cloud.all(Peering).some((peering) => otherEnd(peering, group.state.vpcId) === named.state.vpcId);
  if (!peered) {
    const message = "You have specified two resources that belong to different networks.";
    throw new AwsError("InvalidGroup.NotFound", message);
  }
}

function duplicate({ peer, protocol, fromPort, toPort }: SecurityGroupRule): AwsError {
  const who = peer.kind === "cidr" ? peer.cidr : peer.id;
  const what = protocol === "-1" ? "ALL" : protocol.toUpperCase();
  const ports = fromPort === undefined ? "" : `, from port: ${fromPort}, to port: ${toPort ?? fromPort}`;
  const message = `the specified rule "peer: ${who}, ${what}${ports}, ALLOW" already exists`;
  return new AwsError("InvalidPermission.Duplicate", message);
}
