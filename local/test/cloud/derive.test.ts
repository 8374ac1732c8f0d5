import "./own-world.ts";
import assert from "node:assert/strict";
import type { LedgerSnapshot, SecurityGroupRule } from "../../aws/runtime.ts";
import { eligibleTargets } from "../../cloud/load-balancer/data-path.ts";
import { internetNamespace, prefix, vpcNamespace } from "../../cloud/names.ts";
import { vpcSlots } from "../../cloud/network/addresses.ts";
import { deriveNetwork } from "../../cloud/network/router.ts";
import { allows } from "../../cloud/network/security-groups.ts";
import { balancer, instance, merge, vpc } from "./snapshots.ts";

/** The lines of one chain in a VPC's router (or another namespace). */
function rulesOf(snapshot: LedgerSnapshot, name: string, namespace = vpcNamespace("vpc-00000001")): string[] {
  const table = deriveNetwork(snapshot).namespaces[namespace]?.table ?? [];
  const start = table.indexOf(`chain ${name} {`);
  assert.notEqual(start, -1, `chain ${name} in ${namespace}`);
  return table.slice(start + 1, table.indexOf("}", start)).map((line) => line.trim());
}

describe("deriveNetwork", () => {
  it("is the same for the same ledger and changes with it", () => {
    const snapshot = vpc(1);
    instance(snapshot, 0, 5);
    assert.deepEqual(deriveNetwork(snapshot), deriveNetwork(structuredClone(snapshot)));
    const before = JSON.stringify(deriveNetwork(snapshot));
    snapshot.routeTables[0]?.routes.pop();
    assert.notEqual(JSON.stringify(deriveNetwork(snapshot)), before);
  });

  it("sends traffic out by the subnet's own table, most specific route first", () => {
    const snapshot = vpc(1);
    const eni = instance(snapshot, 0, 5);
    assert.deepEqual(rulesOf(snapshot, "leave_rtb_1"), [
      "ip daddr 10.1.0.0/16 drop",
      "ip daddr 0.0.0.0/0 goto leave_by_gateway",
      "drop",
    ]);
    assert.deepEqual(rulesOf(snapshot, "leave_by_gateway"), [`ip saddr { ${eni.privateIp} } return`, "drop"]);
  });

  it("lets nothing out by a blackhole, and nothing at all without routes", () => {
    const snapshot = vpc(1);
    instance(snapshot, 0, 5);
    const route = snapshot.routeTables[0]?.routes[1];
    if (route) route.state = "blackhole";
    assert.ok(rulesOf(snapshot, "leave_rtb_1").includes("ip daddr 0.0.0.0/0 drop"));
    assert.ok(rulesOf(snapshot, "enter_rtb_1").includes("ip saddr 0.0.0.0/0 drop"));
    snapshot.routeTables = [];
    assert.deepEqual(rulesOf(snapshot, "leave"), ["drop"]);
  });

  it("does not let an instance without a public address use the gateway", () => {
    const snapshot = vpc(1);
    delete instance(snapshot, 0, 5).publicIp;
    assert.deepEqual(rulesOf(snapshot, "leave_by_gateway"), ["drop"]);
  });

  it("writes security group rules with their ports and peers, and drops the rest", () => {
    const snapshot = vpc(1);
    instance(snapshot, 0, 5);
    const rules: SecurityGroupRule[] = [
      {
        direction: "ingress",
        protocol: "tcp",
        fromPort: 15012,
        toPort: 15017,
        peer: { kind: "cidr", cidr: "10.9.0.0/16" },
      },
      { direction: "ingress", protocol: "icmp", fromPort: -1, toPort: -1, peer: { kind: "cidr", cidr: "10.9.0.0/16" } },
      { direction: "ingress", protocol: "udp", peer: { kind: "security-group", id: "sg-1" } },
      { direction: "ingress", protocol: "-1", peer: { kind: "security-group", id: "sg-of-another-vpc" } },
    ];
    snapshot.securityGroups[0]?.rules.splice(0, 9, ...rules);
    const table = deriveNetwork(snapshot).namespaces[vpcNamespace("vpc-00000001")]?.table ?? [];
    const name = table.find((line) => /^chain groups_\w+_ingress/.test(line))?.split(" ")[1] ?? "";
    assert.deepEqual(rulesOf(snapshot, name), [
      "ip saddr 10.9.0.0/16 tcp dport 15012-15017 return",
      "ip saddr 10.9.0.0/16 meta l4proto icmp return",
      "ip saddr @sg_1 meta l4proto udp return",
      "drop",
    ]);
    assert.deepEqual(rulesOf(snapshot, name.replace("ingress", "egress")), ["drop"]);
  });

  it("answers DNS only in a VPC that has DNS support", () => {
    const snapshot = vpc(1);
    const asks = (): boolean => rulesOf(snapshot, "destination").some((rule) => rule.includes("th dport 53"));
    assert.equal(asks(), true);
    for (const one of snapshot.vpcs) one.enableDnsSupport = false;
    assert.equal(asks(), false);
  });

  it("routes a node's pods to the node and hides them behind it outside the VPC, as the VPC CNI does", () => {
    const snapshot = vpc(1);
    const eni = instance(snapshot, 0, 5);
    const plan = deriveNetwork(snapshot);
    const routes = plan.namespaces[vpcNamespace("vpc-00000001")]?.routes ?? [];
    assert.ok(routes.some((route) => route.startsWith(`${eni.podCidr} via ${eni.privateIp} `)));
    const node = Object.keys(plan.namespaces).find((name) => name.startsWith(`${prefix}node-`)) ?? "";
    assert.deepEqual(rulesOf(snapshot, "pods", node).slice(1), [
      "ip daddr 10.1.0.0/16 return",
      `oifname "eth0" ip saddr ${eni.podCidr} snat to ${eni.privateIp}`,
    ]);
  });

  it("lets only private addresses' owners onto the internet, never the addresses", () => {
    assert.deepEqual(rulesOf(vpc(1), "forwarding", internetNamespace).slice(1, 3), [
      "ip saddr != 198.18.0.0/15 drop",
      "ip daddr != 198.18.0.0/15 drop",
    ]);
  });
});

describe("allows", () => {
  const from = { ip: "10.1.0.250", securityGroupIds: ["sg-lb-1"] };
  const to = { ip: "10.1.0.5", securityGroupIds: ["sg-1"] };
  const snapshot = vpc(1);
  balancer(snapshot, [{ eni: instance(snapshot, 0, 5), port: 8080, health: "healthy" }]);

  it("needs a rule on both sides for the port and protocol", () => {
    assert.equal(allows(snapshot, from, to, "tcp", 8080), true);
    assert.equal(allows(snapshot, from, to, "tcp", 8081), false);
    assert.equal(allows(snapshot, from, to, "udp", 8080), false);
    assert.equal(allows(snapshot, { ...from, securityGroupIds: ["sg-other"] }, to, "tcp", 8080), false);
    const closed = structuredClone(snapshot);
    for (const group of closed.securityGroups) group.rules = group.rules.filter((rule) => rule.direction === "ingress");
    assert.equal(allows(closed, from, to, "tcp", 8080), false, "no egress rule");
  });
});

describe("eligibleTargets", () => {
  const snapshot = vpc(1);
  const [first, second] = [instance(snapshot, 0, 5), instance(snapshot, 1, 6)];
  const { lb, group } = balancer(snapshot, [
    { eni: first, port: 8080, health: "healthy" },
    { eni: second, port: 8080, health: "healthy" },
  ]);
  const eligible = (crossZone: boolean, first_: string, second_: string, zone = first.zone): string[] => {
    const targets = group.targets.map((target, index) => ({ ...target, health: index === 0 ? first_ : second_ }));
    return eligibleTargets({ ...lb, crossZone }, { ...group, targets: targets as typeof group.targets }, zone).map(
      ({ ip }) => ip,
    );
  };

  it("takes healthy targets, without cross-zone those of the zone", () => {
    assert.deepEqual(eligible(true, "healthy", "healthy"), [first.privateIp, second.privateIp]);
    assert.deepEqual(eligible(false, "healthy", "healthy"), [first.privateIp]);
    assert.deepEqual(eligible(true, "unhealthy", "healthy"), [second.privateIp]);
    assert.deepEqual(eligible(true, "initial", "healthy"), [second.privateIp]);
  });

  it("fails open only when no target is healthy anywhere, and never to draining ones", () => {
    assert.deepEqual(eligible(true, "unhealthy", "initial"), [first.privateIp, second.privateIp]);
    assert.deepEqual(eligible(false, "unhealthy", "healthy"), []);
    assert.deepEqual(eligible(true, "draining", "unhealthy"), [second.privateIp]);
  });
});

describe("vpcSlots", () => {
  it("gives every VPC its own number, however many there are", () => {
    const ids = Array.from({ length: 300 }, (_, index) => `vpc-${index}`);
    const slots = vpcSlots(ids);
    assert.equal(new Set(slots.values()).size, ids.length);
    assert.deepEqual(vpcSlots([...ids].reverse()), slots);
  });

  it("keeps two VPCs' links apart in one plan", () => {
    const links = deriveNetwork(merge(vpc(1), vpc(2))).links.map(({ left }) => `${left.namespace} ${left.interface}`);
    assert.equal(new Set(links).size, links.length);
  });
});
