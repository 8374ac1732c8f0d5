import type { LedgerSnapshot, LoadBalancerRecord, Target, TargetGroupRecord } from "../../aws/runtime.ts";
import { contains } from "../network/addresses.ts";
import { allows, groupsKey } from "../network/security-groups.ts";
import { anyOf, chain, identifier } from "../network/plan.ts";
import { uplink } from "../network/routing.ts";

/** nftables objects of a VPC's load balancers, for the router to hook in. */
export interface LoadBalancerRules {
  /** Chains to jump to. */
  chains: string[];
  /** Before any translation: the load balancer's and the client's security groups, with the client's real address. */
  admission: string[];
  /** Chain of type nat, hook prerouting: to a target. */
  translation: string[];
  /** Hook forward, new connections: on to the target. */
  forwarding: string[];
  /** Chain of type nat, hook postrouting: the target sees the load balancer's address of that zone. */
  source: string[];
}

/** An NLB per zone: listeners translate to targets, connections carry the load balancer's own address. */
export function loadBalancerRules(snapshot: LedgerSnapshot, vpcId: string): LoadBalancerRules {
  const rules: LoadBalancerRules = { chains: [], admission: [], translation: [], forwarding: [], source: [] };
  for (const lb of snapshot.loadBalancers.filter((candidate) => candidate.vpcId === vpcId)) {
    const name = `balancer_${identifier(lb.name)}`;
    const guard = lb.securityGroupIds.length > 0 ? [`jump ${groupsKey(lb.securityGroupIds)}_ingress`] : [];
    const idle = lb.zones.flatMap((zone) => refused(snapshot, lb, zone));
    rules.chains.push(...chain(name, ["ip saddr vmap @egress", ...guard, ...idle]));
    rules.admission.push(...lb.zones.flatMap((zone) => arrivals(zone).map((at) => `${at} ct state new jump ${name}`)));
    for (const zone of lb.zones) {
      rules.translation.push(...translations(snapshot, lb, zone));
      rules.source.push(...sourceRules(snapshot, lb, zone));
    }
    rules.forwarding.push(...forwardRules(snapshot, lb));
  }
  return rules;
}

type Zone = LoadBalancerRecord["zones"][number];

/** How packets for the zone look: to the public address they come in from the internet only. */
function arrivals(zone: Zone): string[] {
  const inside = `iifname != "${uplink}" ip daddr ${zone.privateIp}`;
  return zone.publicIp === undefined ? [inside] : [inside, `iifname "${uplink}" ip daddr ${zone.publicIp}`];
}

function zoneAddresses(zone: Zone): string[] {
  return zone.publicIp === undefined ? [zone.privateIp] : [zone.privateIp, zone.publicIp];
}

function groupOf(snapshot: LedgerSnapshot, arn: string): TargetGroupRecord | undefined {
  return snapshot.targetGroups.find((group) => group.arn === arn);
}

/**
 * Where new connections that reach this zone go: to healthy targets, without cross-zone only to those in the zone. When
 * no target of the group is healthy anywhere, to all of them (the load balancer fails open).
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
 */
export function eligibleTargets(lb: LoadBalancerRecord, group: TargetGroupRecord, zone: string): Target[] {
  const registered = group.targets.filter(({ health }) => health !== "draining");
  const healthy = registered.filter(({ health }) => health === "healthy");
  const pool = healthy.length > 0 ? healthy : registered;
  return pool.filter((target) => lb.crossZone || target.zone === zone);
}

function translations(snapshot: LedgerSnapshot, lb: LoadBalancerRecord, zone: Zone): string[] {
  return lb.listeners.flatMap((listener) => {
    const group = groupOf(snapshot, listener.targetGroupArn);
    const targets = group === undefined ? [] : eligibleTargets(lb, group, zone.zone);
    if (targets.length === 0) return [];
    const list = targets.map(({ ip, port }, index) => `${index} : ${ip} . ${port}`).join(", ");
    const to = `dnat ip addr . port to numgen random mod ${targets.length} map { ${list} }`;
    return arrivals(zone).map((at) => `${at} ${listener.protocol.toLowerCase()} dport ${listener.port} ${to}`);
  });
}

/** A listener without any target answers with a reset. */
function refused(snapshot: LedgerSnapshot, lb: LoadBalancerRecord, zone: Zone): string[] {
  return lb.listeners
    .filter((listener) => {
      const group = groupOf(snapshot, listener.targetGroupArn);
      return listener.protocol === "TCP" && (group === undefined || eligibleTargets(lb, group, zone.zone).length === 0);
    })
    .map(({ port }) => `ip daddr ${anyOf(zoneAddresses(zone))} tcp dport ${port} reject with tcp reset`);
}

/** The second connection of a load balancer, its own to the target, has to pass the groups of both sides. */
function forwardRules(snapshot: LedgerSnapshot, lb: LoadBalancerRecord): string[] {
  return lb.zones.flatMap((zone) => {
    const ours = `ct status dnat ct original ip daddr ${anyOf(zoneAddresses(zone))}`;
    const perTarget = lb.listeners.flatMap((listener) => {
      const group = groupOf(snapshot, listener.targetGroupArn);
      const protocol = listener.protocol === "UDP" ? "udp" : "tcp";
      return (group?.targets ?? []).flatMap((target) => {
        const packet = `${ours} ip daddr ${target.ip} ${protocol} dport ${target.port}`;
        if (group?.preserveClientIp) return [`${packet} ip daddr vmap @ingress`];
        return reaches(snapshot, lb, zone, target, protocol) ? [] : [`${packet} drop`];
      });
    });
    return [...perTarget, `${ours} accept`];
  });
}

function reaches(
  snapshot: LedgerSnapshot,
  lb: LoadBalancerRecord,
  zone: Zone,
  target: Target,
  protocol: "tcp" | "udp",
): boolean {
  const holder = interfaceOf(snapshot, lb.vpcId, target.ip);
  if (holder === undefined) return false;
  const from = { ip: zone.privateIp, securityGroupIds: lb.securityGroupIds };
  return allows(snapshot, from, { ip: target.ip, securityGroupIds: holder }, protocol, target.port);
}

function interfaceOf(snapshot: LedgerSnapshot, vpcId: string, ip: string): string[] | undefined {
  return snapshot.networkInterfaces.find(
    (eni) => eni.vpcId === vpcId && (eni.privateIp === ip || (eni.podCidr !== undefined && contains(eni.podCidr, ip))),
  )?.securityGroupIds;
}

function sourceRules(snapshot: LedgerSnapshot, lb: LoadBalancerRecord, zone: Zone): string[] {
  return lb.listeners
    .filter((listener) => groupOf(snapshot, listener.targetGroupArn)?.preserveClientIp === false)
    .map(({ protocol, port }) => {
      const ours = `ct status dnat ct original ip daddr ${anyOf(zoneAddresses(zone))} ct original proto-dst ${port}`;
      return `meta l4proto ${protocol.toLowerCase()} ${ours} snat to ${zone.privateIp}`;
    });
}
