import assert from "node:assert/strict";
import { Lab, refuses } from "./lab.ts";

describe("security groups refuse", () => {
  let lab: Lab;
  let vpc: string;
  let group: string;
  beforeEach(async () => {
    lab = await Lab.open();
    vpc = await lab.make("vpc", { cidrBlock: "10.10.0.0/16" });
    group = await lab.make("group", { vpcId: vpc, name: "web" });
  });
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

  it("names that are taken in the VPC, reserved, or in an unknown VPC; other descriptions than ASCII", async () => {
    await refuses(
      () => lab.make("group", { vpcId: vpc, name: "web" }),
      "InvalidGroup.Duplicate",
      `The security group 'web' already exists for VPC '${vpc}'`,
    );
    await refuses(() => lab.make("group", { vpcId: "vpc-0gone" }), "InvalidVpcID.NotFound", /vpc-0gone/);
    const reasons = lab.check("group", { vpcId: vpc, name: "sg-web", description: "été" }).failures;
    assert.deepEqual(reasons.map(({ property }) => property).sort(), ["description", "name"]);
  });

  it("a rule that is there already, whoever made it", async () => {
    await lab.make("ingress", { securityGroupId: group, ...https, cidrIpv4: "0.0.0.0/0" });
    const words = 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists';
    await refuses(
      () => lab.make("ingress", { securityGroupId: group, ...https, cidrIpv4: "0.0.0.0/0" }),
      "InvalidPermission.Duplicate",
      words,
    );
    await refuses(
      () =>
        lab.make("oldRule", {
          ...{ type: "ingress", securityGroupId: group, protocol: "6", fromPort: 443, toPort: 443 },
          cidrBlocks: ["0.0.0.0/0"],
        }),
      "InvalidPermission.Duplicate",
      words,
    );
    await lab.make("egress", { securityGroupId: group, ...https, cidrIpv4: "0.0.0.0/0" });
    const rule = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] };
    await refuses(
      () => lab.make("group", { vpcId: vpc, name: "twice", ingress: [rule, rule] }),
      "InvalidPermission.Duplicate",
      /port: 80/,
    );
  });

  it("references to groups that are gone, in another network, or in another region", async () => {
    const rule = (lab: Lab, securityGroupId: string, referencedSecurityGroupId: string) =>
      lab.make("ingress", { securityGroupId, ...https, referencedSecurityGroupId });
    await refuses(
      () => rule(lab, group, "sg-0gone"),
      "InvalidGroup.NotFound",
      "The security group 'sg-0gone' does not exist",
    );
    await refuses(() => rule(lab, "sg-0gone", group), "InvalidGroup.NotFound", /'sg-0gone' does not exist/);
    const other = await lab.make("vpc", { cidrBlock: "10.20.0.0/16" });
    const foreign = await lab.make("group", { vpcId: other });
    const apart = "You have specified two resources that belong to different networks.";
    await refuses(() => rule(lab, group, foreign), "InvalidGroup.NotFound", apart);
    await lab.make("peering", { vpcId: vpc, peerVpcId: other, autoAccept: true });
    await rule(lab, group, foreign);

    const far = lab.in("us-east-1");
    const remote = await far.make("vpc", { cidrBlock: "10.30.0.0/16" });
    const farGroup = await far.make("group", { vpcId: remote });
    const connection = await lab.make("peering", { vpcId: vpc, peerVpcId: remote, peerRegion: "us-east-1" });
    await far.make("accepter", { vpcPeeringConnectionId: connection, autoAccept: true });
    await refuses(() => rule(lab, group, farGroup), "InvalidGroup.NotFound", /does not exist/);
  });

  it("rules without exactly one peer, without ports, with impossible ports or unknown protocols", async () => {
    const problems = (rule: object) => lab.check("ingress", { securityGroupId: group, ...rule }).failures;
    assert.equal(problems({ ...https }).length, 1);
    assert.equal(problems({ ...https, cidrIpv4: "0.0.0.0/0", referencedSecurityGroupId: group }).length, 1);
    assert.equal(problems({ ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" }).length, 1);
    assert.match(problems({ ...https, cidrIpv4: "10.0.0.1/8" })[0]?.reason ?? "", /did you mean "10\.0\.0\.0\/8"/);
    const rule = (more: object) => lab.make("ingress", { securityGroupId: group, cidrIpv4: "0.0.0.0/0", ...more });
    await refuses(
      () => rule({ ipProtocol: "tcp", fromPort: 443, toPort: 80 }),
      "InvalidParameterValue",
      "Invalid TCP port range (443:80)",
    );
    await refuses(() => rule({ ipProtocol: "tpc" }), "InvalidParameterValue", /Invalid value 'tpc' for IP protocol/);
  });

  it("deletion while another group's rules name the group, but not because of its own", async () => {
    const other = await lab.make("group", { vpcId: vpc });
    await lab.make("ingress", { securityGroupId: group, ipProtocol: "-1", referencedSecurityGroupId: group });
    const rule = await lab.make("ingress", {
      securityGroupId: other,
      ipProtocol: "-1",
      referencedSecurityGroupId: group,
    });
    await refuses(() => lab.delete("group", group), "DependencyViolation", `resource ${group} has a dependent object`);
    await lab.delete("ingress", rule);
    await lab.delete("group", group);
    const left = lab.ledger.resources().filter(({ type }) => type.includes("IngressRule"));
    assert.deepEqual(left, [], "its own rules go with it");
  });
});

describe("what the ledger says about security groups", () => {
  it("all rules of a group in one form, however they were made", async () => {
    const lab = await Lab.open();
    const vpcId = await lab.make("vpc", { cidrBlock: "10.10.0.0/16" });
    const inline = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"], self: true };
    const id = await lab.make("group", { vpcId, ingress: [inline] });
    await lab.make("egress", { securityGroupId: id, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" });
    await lab.make("oldRule", {
      ...{ type: "egress", securityGroupId: id, protocol: "udp", fromPort: 53, toPort: 53, sourceSecurityGroupId: id },
    });
    const rules = lab.ledger.snapshot().securityGroups.find((group) => group.id === id)?.rules;
    const web = { direction: "ingress", protocol: "tcp", fromPort: 80, toPort: 80 };
    assert.deepEqual(rules, [
      { ...web, peer: { kind: "cidr", cidr: "10.0.0.0/8" } },
      { ...web, peer: { kind: "security-group", id } },
      { direction: "egress", protocol: "-1", peer: { kind: "cidr", cidr: "0.0.0.0/0" } },
      { direction: "egress", protocol: "udp", fromPort: 53, toPort: 53, peer: { kind: "security-group", id } },
    ]);
  });

  it("that a group made by the program lets nothing out, while the default group does", async () => {
    const lab = await Lab.open();
    const vpcId = await lab.make("vpc", { cidrBlock: "10.10.0.0/16" });
    const id = await lab.make("group", { vpcId });
    const rules = (wanted: (name: string) => boolean) =>
      lab.ledger.snapshot().securityGroups.find(({ name }) => wanted(name))?.rules.length;
    assert.equal(lab.ledger.snapshot().securityGroups.find((group) => group.id === id)?.rules.length, 0);
    assert.equal(
      rules((name) => name === "default"),
      2,
    );
  });
});
