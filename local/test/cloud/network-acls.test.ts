import "./own-world.ts";
import assert from "node:assert/strict";
import type { LedgerSnapshot, NatGatewayRecord, NetworkInterfaceRecord } from "../../aws/runtime.ts";
import { succeeds } from "../../cloud/exec.ts";
import { internetNamespace, nodeNamespace, vpcNamespace, youNamespace } from "../../cloud/names.ts";
import { resolverPort, vpcSlots } from "../../cloud/network/addresses.ts";
import { NetworkApplier } from "../../cloud/network/apply.ts";
import { deriveNetwork } from "../../cloud/network/router.ts";
import { openWorld } from "../../cloud/world.ts";
import { ask, hold, needKernel, scratchWorld, serve } from "./kernel.ts";
import { rulesOf, verdict } from "./nft.ts";
import type { Packet } from "./nft.ts";
import { balancer, deny, instance, merge, natGateway, peered, vpc } from "./snapshots.ts";

type Chain = "acl_arriving" | "acl_departing";

/** What becomes of a packet at one hook of the first VPC's router. */
function meets(snapshot: LedgerSnapshot, chain: Chain, packet: Packet): "drop" | "pass" {
  const table = deriveNetwork(snapshot).namespaces[vpcNamespace("vpc-00000001")]?.table ?? [];
  const rules = rulesOf(table, chain);
  assert.ok(rules, `chain ${chain}`);
  return verdict(rules, packet);
}

/** The VPC 10.1.0.0/16 with a node in each zone, and a load balancer. */
function east(): { snapshot: LedgerSnapshot; first: NetworkInterfaceRecord; second: NetworkInterfaceRecord } {
  const snapshot = vpc(1);
  const [first, second] = [instance(snapshot, 0, 5), instance(snapshot, 1, 6)];
  balancer(snapshot, [{ eni: first, port: 8080, health: "healthy" }]);
  return { snapshot, first, second };
}

describe("network ACLs", () => {
  const everything = "0.0.0.0/0";
  const elsewhere = "198.18.2.200";
  const leaving = (saddr: string, daddr: string): Packet => ({ saddr, daddr, iifname: "e12345678" });
  const delivered = (saddr: string, daddr: string): Packet => ({ saddr, daddr, oifname: "e12345678" });
  const fromInternet = (saddr: string, daddr: string): Packet => ({ saddr, daddr, iifname: "up0" });
  const toInternet = (saddr: string, daddr: string): Packet => ({ saddr, daddr, oifname: "up0" });

  it("are no chains in a VPC whose subnets are denied nothing", () => {
    const { snapshot } = east();
    const both = deny(merge(snapshot, vpc(2, "us-west-2")), ["subnet-20"], [everything]);
    for (const namespace of ["vpc-00000001", "vpc-00000002"]) {
      const table = deriveNetwork(both).namespaces[vpcNamespace(namespace)]?.table ?? [];
      assert.equal(rulesOf(table, "acl_arriving") !== undefined, namespace === "vpc-00000002");
    }
  });

  it("come before connections are looked up, and again after all translation", () => {
    const { snapshot } = east();
    const table = deriveNetwork(deny(snapshot, ["subnet-10"], [everything])).namespaces[vpcNamespace("vpc-00000001")]
      ?.table;
    const hookOf = (chain: Chain) => table?.[table.indexOf(`chain ${chain} {`) + 1]?.trim();
    assert.equal(hookOf("acl_arriving"), "type filter hook prerouting priority raw; policy accept;");
    assert.equal(hookOf("acl_departing"), "type filter hook postrouting priority srcnat + 10; policy accept;");
  });

  it("drop what a node or a pod of it sends to the block, and what comes from there, and nothing else", () => {
    const { snapshot, first, second } = east();
    const denied = deny(snapshot, ["subnet-10"], [`${elsewhere}/32`]);
    const pod = "10.1.0.82";
    for (const own of [first.privateIp, pod]) {
      assert.equal(meets(denied, "acl_arriving", leaving(own, elsewhere)), "drop");
      assert.equal(meets(denied, "acl_departing", delivered(elsewhere, own)), "drop");
      assert.equal(meets(denied, "acl_arriving", leaving(own, "198.18.2.201")), "pass");
      assert.equal(meets(denied, "acl_departing", delivered("198.18.2.201", own)), "pass");
      assert.equal(meets(denied, "acl_arriving", leaving(own, second.privateIp)), "pass");
    }
    assert.equal(meets(denied, "acl_arriving", leaving(second.privateIp, elsewhere)), "pass", "the other subnet");
    assert.equal(meets(denied, "acl_departing", delivered(elsewhere, second.privateIp)), "pass", "the other subnet");
  });

  it("know a subnet's nodes and load balancers by their public addresses where the internet begins", () => {
    const { snapshot, first, second } = east();
    const denied = deny(snapshot, ["subnet-10"], [`${elsewhere}/32`]);
    for (const own of [String(first.publicIp), "198.18.1.200"]) {
      assert.equal(meets(denied, "acl_arriving", fromInternet(elsewhere, own)), "drop");
      assert.equal(meets(denied, "acl_departing", toInternet(own, elsewhere)), "drop");
      assert.equal(meets(denied, "acl_arriving", fromInternet("198.18.0.10", own)), "pass");
    }
    for (const other of [String(second.publicIp), "198.18.1.201"]) {
      assert.equal(meets(denied, "acl_arriving", fromInternet(elsewhere, other)), "pass");
      assert.equal(meets(denied, "acl_departing", toInternet(other, elsewhere)), "pass");
    }
  });

  it("are evaluated where packets cross the boundary of a subnet, not within it", () => {
    const { snapshot, first, second } = east();
    const denied = deny(snapshot, ["subnet-10"], [everything]);
    const neighbour = "10.1.0.7";
    for (const chain of ["acl_arriving", "acl_departing"] as const) {
      assert.equal(meets(denied, chain, { saddr: first.privateIp, daddr: neighbour }), "pass");
      assert.equal(meets(denied, chain, { saddr: first.privateIp, daddr: second.privateIp }), "drop");
      assert.equal(meets(denied, chain, { saddr: second.privateIp, daddr: first.privateIp }), "drop");
    }
    const both = deny(snapshot, ["subnet-10", "subnet-11"], [everything]);
    assert.equal(
      meets(both, "acl_arriving", leaving(first.privateIp, second.privateIp)),
      "drop",
      "two subnets, two ACLs",
    );
  });

  it("hold for what a load balancer sends to its targets, health checks included, and for their answers", () => {
    const { snapshot, second } = east();
    const denied = deny(snapshot, ["subnet-11"], ["10.1.0.0/24"]);
    assert.equal(meets(denied, "acl_departing", delivered("10.1.0.250", second.privateIp)), "drop");
    assert.equal(meets(denied, "acl_arriving", leaving(second.privateIp, "10.1.0.250")), "drop");
    assert.equal(meets(denied, "acl_departing", delivered("10.1.1.250", second.privateIp)), "pass", "its own subnet's");
  });

  it("leave the VPC's DNS server alone, by its name's port only", () => {
    const { snapshot, first, second } = east();
    const denied = deny(snapshot, ["subnet-10", "subnet-11"], [everything]);
    for (const { privateIp } of [first, second]) {
      for (const resolver of ["10.1.0.2", "169.254.169.253"]) {
        assert.equal(meets(denied, "acl_arriving", { ...leaving(privateIp, resolver), dport: 53 }), "pass");
        assert.equal(meets(denied, "acl_departing", { ...delivered(resolver, privateIp), sport: 53 }), "pass");
        assert.equal(
          meets(denied, "acl_arriving", { ...leaving(privateIp, resolver), dport: 443 }) === "pass",
          resolver === "10.1.0.2" && privateIp === first.privateIp,
          "within its subnet",
        );
      }
    }
    assert.equal(meets(denied, "acl_arriving", { ...leaving(first.privateIp, "198.18.0.2"), dport: 53 }), "drop");
  });

  it("hold between a NAT gateway and those whom it serves, and between it and the internet", () => {
    const { snapshot, first } = east();
    const nat: NatGatewayRecord = natGateway(snapshot, 1);
    const served = "10.1.0.9";
    const through = { original: { saddr: served }, reply: { daddr: String(nat.publicIp) } };
    const question = { ...toInternet(String(nat.publicIp), elsewhere), ...through };
    const answer = { ...delivered(elsewhere, served), ...through };
    const fromItsClients = deny(snapshot, [nat.subnetId], ["10.1.0.0/24"]);
    assert.equal(meets(fromItsClients, "acl_departing", question), "drop");
    assert.equal(meets(fromItsClients, "acl_departing", answer), "drop");
    const direct = {
      ...toInternet(String(first.publicIp), elsewhere),
      original: { saddr: first.privateIp },
      reply: { daddr: String(first.publicIp) },
    };
    assert.equal(meets(fromItsClients, "acl_departing", direct), "pass", "not through the gateway");
    const neighbour = { ...question, original: { saddr: "10.1.1.9" } };
    assert.equal(
      meets(deny(snapshot, [nat.subnetId], ["10.1.0.0/16"]), "acl_departing", neighbour),
      "pass",
      "in its subnet",
    );
    const anothers = deny(snapshot, ["subnet-10"], ["10.1.1.0/24"]);
    assert.equal(meets(anothers, "acl_departing", neighbour), "pass", "the gateway is in the other subnet");
    const fromTheInternet = deny(snapshot, [nat.subnetId], [`${elsewhere}/32`]);
    assert.equal(meets(fromTheInternet, "acl_departing", question), "drop");
    assert.equal(meets(fromTheInternet, "acl_arriving", fromInternet(elsewhere, String(nat.publicIp))), "drop");
    assert.equal(
      meets(fromTheInternet, "acl_arriving", leaving(served, elsewhere)),
      "pass",
      "the served subnet's own ACL",
    );
  });

  it("ignore subnets that have gone", () => {
    const { snapshot } = east();
    const table = deriveNetwork(deny(snapshot, ["subnet-gone"], [everything])).namespaces[vpcNamespace("vpc-00000001")]
      ?.table;
    assert.equal(rulesOf(table ?? [], "acl_arriving"), undefined);
  });
});

describe("network ACLs in the kernel", function () {
  this.timeout(120_000);
  let world: ReturnType<typeof scratchWorld> | undefined;
  let network: NetworkApplier;
  /** Two peered VPCs, each with a load balancer, in which everybody admits everybody. */
  let all: LedgerSnapshot;
  let first: NetworkInterfaceRecord;
  let neighbour: NetworkInterfaceRecord;
  let second: NetworkInterfaceRecord;
  let remote: NetworkInterfaceRecord;
  const home = (eni: NetworkInterfaceRecord): string => nodeNamespace({ name: eni.owner, networkInterfaceId: eni.id });
  const apply = (snapshot: LedgerSnapshot): Promise<void> => network.apply(deriveNetwork(snapshot));
  const cut = (subnetIds: string[], blocks: string[]): Promise<void> => apply(deny(all, subnetIds, blocks));

  before(async function () {
    needKernel(this);
    world = scratchWorld();
    network = new NetworkApplier(world.runDir);
    await openWorld(world.runDir);
    const [here, there] = [vpc(1), vpc(2, "us-west-2")];
    [first, neighbour, second] = [instance(here, 0, 5), instance(here, 0, 7), instance(here, 1, 6)];
    remote = instance(there, 0, 5);
    balancer(here, [{ eni: second, port: 8080, health: "healthy" }]);
    balancer(there, [{ eni: remote, port: 8080, health: "healthy" }]);
    for (const group of [...here.securityGroups, ...there.securityGroups]) {
      group.rules.push({ direction: "ingress", protocol: "-1", peer: { kind: "cidr", cidr: "0.0.0.0/0" } });
    }
    all = peered(here, there);
    await apply(all);
    for (const eni of [first, neighbour, second, remote]) {
      await serve(home(eni), 8080, eni.privateIp);
      await serve(home(eni), 8081, "", { hold: true });
    }
    await serve(youNamespace, 80, "you");
    const slot = vpcSlots(all.vpcs.map(({ id }) => id)).get("vpc-00000001") ?? 0;
    await serve(internetNamespace, resolverPort(slot), "dns");
  });
  after(() => world?.end());
  afterEach(() => (world === undefined ? undefined : apply(all)));

  /** What a connection finds that has been silent: the kernel sends again after longer and longer pauses. */
  async function revived(connection: Awaited<ReturnType<typeof hold>>): Promise<string> {
    for (let turn = 0; turn < 5; turn++) if ((await connection.ping()) === "alive") return "alive";
    return "silent";
  }

  it("silence established connections, which go on afterwards, and none within the subnet", async () => {
    const across = await hold(home(first), second.privateIp, 8081);
    const within = await hold(home(first), neighbour.privateIp, 8081);
    await cut(["subnet-10"], ["10.1.0.0/16"]);
    assert.deepEqual([await across.ping(), await within.ping()], ["silent", "alive"]);
    assert.equal(await ask(home(first), neighbour.privateIp, 8080), neighbour.privateIp);
    assert.equal(await ask(home(second), first.privateIp, 8080), undefined, "into the subnet");
    await apply(all);
    assert.equal(await revived(across), "alive");
  });

  it("silence established connections over the internet, from either side", async () => {
    for (const [subnet, block] of [
      ["subnet-10", `${String(remote.publicIp)}/32`],
      ["subnet-20", `${String(first.publicIp)}/32`],
    ] as const) {
      const connection = await hold(home(first), String(remote.publicIp), 8081);
      await cut([subnet], [block]);
      assert.equal(await connection.ping(), "silent", subnet);
      assert.equal(
        await ask(home(neighbour), String(remote.publicIp), 8080),
        subnet === "subnet-10" ? undefined : remote.privateIp,
      );
      await apply(all);
      assert.equal(await revived(connection), "alive", subnet);
    }
  });

  it("hide another VPC's load balancer at its public address, and a zone of one's own from a caller", async () => {
    const answered = () => Promise.all(["198.18.2.200", "198.18.2.201"].map((at) => ask(home(first), at, 80)));
    assert.deepEqual(await answered(), [remote.privateIp, remote.privateIp]);
    for (const [subnet, block] of [
      ["subnet-10", "198.18.2.200/32"],
      ["subnet-20", `${String(first.publicIp)}/32`],
    ] as const) {
      await cut([subnet], [block]);
      assert.deepEqual(await answered(), [undefined, remote.privateIp], subnet);
      assert.equal(await ask(youNamespace, "198.18.2.200", 80), remote.privateIp);
    }
  });

  it("stop a load balancer's health checks where they enter another subnet", async () => {
    const passes = async (source: string): Promise<boolean> => {
      const program = `require("net").connect({ host: "${second.privateIp}", port: 8080, localAddress: "${source}" })
        .on("connect", () => process.exit(0)).on("error", () => process.exit(1)); setTimeout(() => process.exit(1), 1500);`;
      return succeeds(["nsenter", `--net=/run/netns/${vpcNamespace("vpc-00000001")}`, process.execPath, "-e", program]);
    };
    assert.deepEqual([await passes("10.1.0.250"), await passes("10.1.1.250")], [true, true]);
    await cut(["subnet-11"], ["0.0.0.0/0"]);
    assert.deepEqual([await passes("10.1.0.250"), await passes("10.1.1.250")], [false, true]);
  });

  it("hold between peered VPCs, by private address", async () => {
    assert.equal(await ask(home(first), remote.privateIp, 8080), remote.privateIp);
    await cut(["subnet-20"], ["10.1.0.0/24"]);
    assert.equal(await ask(home(first), remote.privateIp, 8080), undefined);
    assert.equal(await ask(home(second), remote.privateIp, 8080), remote.privateIp);
  });

  it("leave names to be asked for, and nothing else", async () => {
    await cut(["subnet-10", "subnet-11"], ["0.0.0.0/0"]);
    assert.equal(await ask(home(second), "198.18.0.10", 80), undefined);
    assert.equal(await ask(home(second), "10.1.0.2", 53), "dns", "from another subnet than the server's");
  });

  it("hold between a NAT gateway and those whom it serves", async () => {
    const closed = structuredClone(all);
    const nat = natGateway(closed, 1);
    const [subnet] = closed.subnets;
    assert.ok(subnet);
    subnet.routeTableId = "rtb-private";
    closed.routeTables.push({
      id: "rtb-private",
      region: subnet.region,
      vpcId: subnet.vpcId,
      main: false,
      subnetIds: [subnet.id],
      routes: [{ destinationCidr: "0.0.0.0/0", target: { kind: "nat-gateway", id: nat.id }, state: "active" }],
    });
    for (const eni of closed.networkInterfaces) if (eni.id === first.id) delete eni.publicIp;
    await apply(closed);
    assert.equal(await ask(home(first), "198.18.0.10", 80), "you");
    await apply(deny(closed, [nat.subnetId], ["10.1.0.0/24"]));
    assert.equal(await ask(home(first), "198.18.0.10", 80), undefined);
    assert.equal(
      await ask(home(second), "198.18.0.10", 80),
      "you",
      "in the gateway's subnet, with an address of its own",
    );
  });
});
