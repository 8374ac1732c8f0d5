import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeSubnetsCommand, type NetworkAclEntry } from "@aws-sdk/client-ec2";
import { eks } from "../../../../lab/experiment/platforms/eks.ts";
import { labIdTag } from "../../../../topology/names.ts";
import { copyOfTag, cutTag } from "../../../../lab/experiment/platforms/network-acl-copies.ts";
import type { Cut, Json } from "../../../../lab/experiment/platforms/platform.ts";
import { field } from "../../../../policy/laws/law.ts";
import { recordConfig } from "../../../components/record.ts";
import { allowAll, FakeEc2, wildcard } from "./fake-ec2.ts";
import { eksOutputs } from "./outputs.ts";

const partition: Cut = { cluster: "east", blocks: ["198.51.100.7/32", "10.20.0.0/16"], says: "partition" };
const zoneLoss: Cut = { cluster: "east", zones: ["us-east-1b"], blocks: ["0.0.0.0/0"], says: "zone loss" };

describe("cutting networks of EKS clusters", () => {
  let ec2: FakeEc2;
  /** The default ACL, which all of the cluster's subnets have but one, and others besides. */
  let usual: string;
  let own: string;
  const ownRules: NetworkAclEntry[] = [false, true].flatMap((Egress) => [
    { ...allowAll(Egress), RuleNumber: 2 },
    {
      Egress,
      RuleNumber: 1,
      Protocol: "6",
      RuleAction: "deny",
      CidrBlock: "203.0.113.0/24",
      PortRange: { From: 25, To: 25 },
    },
    { Egress, RuleNumber: 32_766, Protocol: "-1", RuleAction: "allow", Ipv6CidrBlock: "::/0" },
  ]);

  beforeEach(() => {
    ec2 = new FakeEc2();
    usual = ec2.acl([allowAll(false), allowAll(true)]);
    own = ec2.acl(ownRules);
    const tags = (Name: string, id = eksOutputs().labId) => ({ [labIdTag]: id, Name });
    ec2.subnet("subnet-b", "us-east-1b", usual, tags("east-network-public-a"));
    ec2.subnet("subnet-c", "us-east-1c", usual, tags("east-network-public-b"));
    ec2.subnet("subnet-private-b", "us-east-1b", own, tags("east-network-private-a"));
    ec2.subnet("subnet-other", "us-east-1b", usual, tags("east-network-public-network-public-a"));
    ec2.subnet("subnet-elsewhere", "us-east-1b", usual, tags("east-network-public-a", "another lab"));
  });

  const platform = () =>
    eks({
      ...eksOutputs(),
      client: (region) => {
        assert.equal(region, "us-east-1");
        return ec2.client;
      },
    });
  /** As another process finds it in the journal. */
  const journaled = (prepared: Json): Json => JSON.parse(JSON.stringify(prepared)) as Json;
  const requests = () => ec2.sent.map(({ constructor }) => constructor.name.replace(/Command$/, ""));
  const others = ["subnet-other", "subnet-elsewhere"];

  it("prepares with questions alone", async () => {
    const before = ec2.state();
    await platform().prepare(partition);
    assert.deepEqual(requests(), ["DescribeSubnets", "DescribeNetworkAcls"]);
    assert.deepEqual(ec2.state(), before);
  });

  it("cuts the cluster's subnets off from the blocks in both directions, and nobody else from anything", async () => {
    await platform().cut(journaled(await platform().prepare(partition)));
    for (const direction of ["in", "out"] as const) {
      for (const subnet of ["subnet-b", "subnet-c", "subnet-private-b"]) {
        for (const protocol of ["6", "17"]) {
          assert.equal(ec2.lets(subnet, direction, "198.51.100.7", protocol), false);
          assert.equal(ec2.lets(subnet, direction, "10.20.3.4", protocol), false);
          assert.equal(ec2.lets(subnet, direction, "198.51.100.8", protocol), true);
        }
      }
      for (const subnet of others) assert.equal(ec2.lets(subnet, direction, "198.51.100.7"), true);
    }
  });

  it("cuts the zones that are named, and leaves others with the same ACL alone", async () => {
    await platform().cut(journaled(await platform().prepare(zoneLoss)));
    assert.equal(ec2.lets("subnet-b", "in", "198.51.100.8"), false);
    assert.equal(ec2.lets("subnet-private-b", "out", "198.51.100.8"), false);
    for (const subnet of ["subnet-c", ...others]) assert.equal(ec2.lets(subnet, "in", "198.51.100.8"), true);
  });

  it("copies the other rules in their order, whatever numbers they had", async () => {
    const { copies } = (await platform().prepare(partition)) as unknown as {
      copies: { of: string; rules: object[] }[];
    };
    const rules = copies.find(({ of }) => of === own)?.rules.filter((rule) => "Egress" in rule && rule.Egress === true);
    assert.deepEqual(rules, [
      { Egress: true, RuleNumber: 1, Protocol: "-1", RuleAction: "deny", CidrBlock: "198.51.100.7/32" },
      { Egress: true, RuleNumber: 2, Protocol: "-1", RuleAction: "deny", CidrBlock: "10.20.0.0/16" },
      { ...ownRules[4], RuleNumber: 3 },
      { ...ownRules[3], RuleNumber: 4 },
      { ...ownRules[5], RuleNumber: 5 },
    ]);
    assert.deepEqual(copies.map(({ of }) => of).sort(), [usual, own].sort(), "one copy of each ACL");
  });

  it("gives the subnets their own ACLs back, and leaves no copy", async () => {
    const before = ec2.state();
    const prepared = journaled(await platform().prepare(partition));
    await platform().cut(prepared);
    assert.notDeepEqual(ec2.state(), before);
    await platform().mend(prepared);
    assert.deepEqual(ec2.state(), before);
  });

  it("does both once, however often they are asked for", async () => {
    const before = ec2.state();
    const prepared = journaled(await platform().prepare(partition));
    await platform().mend(prepared);
    assert.deepEqual(ec2.state(), before, "nothing was cut yet");
    await platform().cut(prepared);
    const cut = ec2.state();
    ec2.sent.length = 0;
    await platform().cut(prepared);
    assert.deepEqual(requests(), ["DescribeNetworkAcls"]);
    assert.deepEqual(ec2.state(), cut);
    for (let turn = 0; turn < 2; turn++) await platform().mend(prepared);
    assert.deepEqual(ec2.state(), before);
  });

  it("gives every subnet all rules at once: the associations change when every copy is complete", async () => {
    await platform().cut(await platform().prepare(partition));
    const names = requests();
    const first = names.indexOf("ReplaceNetworkAclAssociation");
    assert.ok(first > 0 && !names.slice(first).includes("CreateNetworkAclEntry"), names.join(", "));
    assert.equal(names.length - first, 3);
  });

  it("can be mended, or gone on with, wherever the process was killed", async () => {
    const before = ec2.state();
    let deaths = 0;
    for (let life = 0; ; life++) {
      const prepared = journaled(await platform().prepare(partition));
      ec2.diesAfter = life;
      const died = await platform()
        .cut(prepared)
        .then(
          () => false,
          () => true,
        );
      ec2.diesAfter = Infinity;
      if (life % 2 === 0) {
        await platform().cut(prepared);
        assert.equal(ec2.lets("subnet-private-b", "in", "198.51.100.7"), false, `after ${String(life)} requests`);
        assert.equal(ec2.lets("subnet-c", "out", "10.20.0.1"), false, `after ${String(life)} requests`);
      }
      // The mending is killed too, once at each of its requests.
      for (let more = 0; more < 9; more++) {
        ec2.diesAfter = more;
        await platform()
          .mend(prepared)
          .catch(() => undefined);
      }
      ec2.diesAfter = Infinity;
      await platform().mend(prepared);
      assert.deepEqual(ec2.state(), before, `after ${String(life)} requests`);
      if (!died) break;
      deaths++;
    }
    assert.ok(deaths > 15, `${String(deaths)} requests to be killed at`);
  });

  it("fails only when all that it has asked for is done, so that mending finds it", async () => {
    const before = ec2.state();
    ec2.latency = 20;
    const prepared = (await platform().prepare(partition)) as { copies: { subnets: { association: string }[] }[] };
    const stale = structuredClone(prepared);
    const [subnet] = stale.copies.flatMap(({ subnets }) => subnets);
    assert.ok(subnet);
    subnet.association = "aclassoc-gone";
    await assert.rejects(platform().cut(stale), { name: "InvalidAssociationID.NotFound" });
    const failed = ec2.state();
    await sleep(60);
    assert.deepEqual(ec2.state(), failed);
    await platform().mend(stale);
    assert.deepEqual(ec2.state(), before);
  });

  it("marks its copies as the lab's, as the cut's, and whose copies they are", async () => {
    const prepared = (await platform().prepare(zoneLoss)) as { id: string };
    await platform().cut(prepared);
    const acls = ec2.state() as { Tags: { Key: string; Value: string }[] }[];
    const tags = acls.flatMap(({ Tags }) =>
      Tags.length > 0 ? [Object.fromEntries(Tags.map((t) => [t.Key, t.Value]))] : [],
    );
    const common = { [labIdTag]: "0badcafe", Name: "east: zone loss", [cutTag]: prepared.id };
    assert.deepEqual(tags, [
      { ...common, [copyOfTag]: usual },
      { ...common, [copyOfTag]: own },
    ]);
  });

  it("refuses a second cut of a subnet before it changes anything", async () => {
    await platform().cut(await platform().prepare(zoneLoss));
    ec2.sent.length = 0;
    await assert.rejects(
      platform().prepare(partition),
      /cut already, by network ACL acl-\d+ \(east: zone loss\)\. Mend that/,
    );
    assert.ok(requests().every((name) => name.startsWith("Describe")));
    await platform().prepare({ ...partition, zones: ["us-east-1c"] });
  });

  it("refuses more blocks than an ACL has room for beside its rules", async () => {
    const blocks = (count: number) => Array.from({ length: count }, (_, index) => `10.${String(index)}.0.0/16`);
    // The default ACL has one rule of its own and AWS's last one, the other one rule more; IPv6 has a quota to itself.
    const only = { ...partition, zones: ["us-east-1c"] };
    await platform().cut(await platform().prepare({ ...only, blocks: blocks(18) }));
    await assert.rejects(platform().prepare({ ...zoneLoss, blocks: blocks(18) }), {
      message: new RegExp(`needs 18 rules in a copy of network ACL ${own}, which has room for 17: AWS takes 20`),
    });
    await platform().cut(await platform().prepare({ ...zoneLoss, blocks: blocks(17) }));
  });

  it("says that there are no subnets, or none in that zone", async () => {
    await assert.rejects(platform().prepare({ ...zoneLoss, zones: ["us-east-1d"] }), /none in us-east-1d/);
    ec2 = new FakeEc2();
    await assert.rejects(platform().prepare(zoneLoss), /cluster "east" has no subnets, and none in us-east-1b/);
  });

  it("finds the subnets that the program makes, each cluster's own", async () => {
    const names = ["a", "a-network", "a-network-public", "a-network-public-a"];
    const cluster = (name: string, index: number) => ({
      name,
      zones: 5,
      network: name,
      cidr: `10.${String(20 + index)}.0.0/16`,
    });
    const graph = await recordConfig({ clusters: names.map(cluster), nodes: { private: true } });
    const networks = graph.byType("istio-lab:aws:Network");
    const [east] = Object.values(eksOutputs().clusters);
    assert.ok(east);
    for (const name of names) {
      const found = eks({ labId: "1", clusters: { [name]: east }, client: () => ec2.client });
      await assert.rejects(found.prepare({ ...partition, cluster: name }), /has no subnets/);
      const asked = ec2.sent.at(-1);
      assert.ok(asked instanceof DescribeSubnetsCommand);
      const patterns = asked.input.Filters?.find(({ Name }) => Name === "tag:Name")?.Values ?? [];
      const fitting = graph
        .byType("aws:ec2/subnet:Subnet")
        .filter(({ inputs }) =>
          patterns.some((pattern) => wildcard(pattern).test(String(field(inputs, "tags", "Name")))),
        );
      const network = networks.find((each) => each.name === `${name}-network`);
      assert.equal(fitting.length, 10, "two tiers in five zones");
      assert.ok(
        fitting.every(({ parent }) => parent === network?.urn),
        name,
      );
    }
  });
});
