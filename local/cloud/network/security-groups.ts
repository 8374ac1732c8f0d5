import { shortHash } from "../names.ts";
import type { LedgerSnapshot, NetworkInterfaceRecord, SecurityGroupRule } from "../../aws/runtime.ts";
import { chain, collection, identifier } from "./plan.ts";
import { contains } from "./addresses.ts";

/** Addresses that an interface speaks for: its own, and on a node those of its pods. */
export function interfaceAddresses(eni: NetworkInterfaceRecord): string[] {
  return eni.podCidr === undefined ? [eni.privateIp] : [eni.privateIp, eni.podCidr];
}

/** Interfaces with the same groups share one pair of chains. */
export function groupsKey(securityGroupIds: readonly string[]): string {
  return `groups_${shortHash([...securityGroupIds].sort().join(","))}`;
}

/**
 * Security groups of one VPC as nftables objects: a set of addresses per group, maps `egress` and `ingress` from an
 * interface's addresses to a chain that returns for allowed packets and drops all others. A group only ever allows, and
 * an interface's groups add up. https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export function securityGroupTable(snapshot: LedgerSnapshot, vpcId: string): string[] {
  const interfaces = snapshot.networkInterfaces.filter((eni) => eni.vpcId === vpcId);
  const groups = snapshot.securityGroups.filter((group) => group.vpcId === vpcId);
  const known = new Set(groups.map(({ id }) => id));
  const guarded = interfaces.filter((eni) => eni.securityGroupIds.length > 0);
  const members = (id: string): string[] =>
    interfaces.filter((eni) => eni.securityGroupIds.includes(id)).flatMap(interfaceAddresses);
  const keys = new Map(guarded.map((eni) => [groupsKey(eni.securityGroupIds), eni.securityGroupIds]));
  for (const lb of snapshot.loadBalancers) {
    if (lb.vpcId === vpcId) keys.set(groupsKey(lb.securityGroupIds), lb.securityGroupIds);
  }
  const chains = [...keys].flatMap(([key, ids]) => {
    const rules = groups.filter(({ id }) => ids.includes(id)).flatMap((group) => group.rules);
    return (["egress", "ingress"] as const).flatMap((direction) => {
      const lines = rules.filter((rule) => rule.direction === direction && refersTo(rule, known)).flatMap(allow);
      return chain(`${key}_${direction}`, [...new Set(lines), "drop"]);
    });
  });
  const verdicts = (direction: string): string[] =>
    guarded.flatMap((eni) =>
      interfaceAddresses(eni).map((address) => `${address} : jump ${groupsKey(eni.securityGroupIds)}_${direction}`),
    );
  return [
    ...groups.flatMap(({ id }) => collection("set", identifier(id), "ipv4_addr", members(id))),
    ...chains,
    ...collection("map", "egress", "ipv4_addr : verdict", verdicts("egress")),
    ...collection("map", "ingress", "ipv4_addr : verdict", verdicts("ingress")),
  ];
}

/** A rule that names a group of another VPC matches nobody here. */
function refersTo(rule: SecurityGroupRule, known: Set<string>): boolean {
  return rule.peer.kind === "cidr" || known.has(rule.peer.id);
}

function allow(rule: SecurityGroupRule): string[] {
  const side = rule.direction === "ingress" ? "saddr" : "daddr";
  const peer = rule.peer.kind === "cidr" ? rule.peer.cidr : `@${identifier(rule.peer.id)}`;
  const who = `ip ${side} ${peer}`;
  if (rule.protocol === "-1") return [`${who} return`];
  const ports = rule.fromPort === undefined || rule.protocol === "icmp" ? undefined : portRange(rule);
  if (ports === undefined) return [`${who} meta l4proto ${rule.protocol} return`];
  return [`${who} ${rule.protocol} dport ${ports} return`];
}

function portRange({ fromPort = 0, toPort = fromPort }: SecurityGroupRule): string {
  return fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
}

/** One end of a connection: who it is to security groups. */
export interface Party {
  ip: string;
  securityGroupIds: readonly string[];
}

/**
 * Whether security groups let `from` open a connection to `to`. Used where no packet with both addresses exists to be
 * filtered: a load balancer's own connection to a target.
 */
export function allows(
  snapshot: LedgerSnapshot,
  from: Party,
  to: Party,
  protocol: "tcp" | "udp",
  port: number,
): boolean {
  return (
    permits(snapshot, "egress", from, to, protocol, port) && permits(snapshot, "ingress", to, from, protocol, port)
  );
}

function permits(
  snapshot: LedgerSnapshot,
  direction: "ingress" | "egress",
  holder: Party,
  peer: Party,
  protocol: string,
  port: number,
): boolean {
  if (holder.securityGroupIds.length === 0) return true;
  return snapshot.securityGroups
    .filter(({ id }) => holder.securityGroupIds.includes(id))
    .flatMap((group) => group.rules)
    .some(
      (rule) =>
        rule.direction === direction &&
        (rule.protocol === "-1" || rule.protocol === protocol) &&
        (rule.fromPort === undefined || (port >= rule.fromPort && port <= (rule.toPort ?? rule.fromPort))) &&
        (rule.peer.kind === "cidr" ? contains(rule.peer.cidr, peer.ip) : peer.securityGroupIds.includes(rule.peer.id)),
    );
}
