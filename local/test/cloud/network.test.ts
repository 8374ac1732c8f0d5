import "./own-world.ts";
import assert from "node:assert/strict";
import type { LedgerSnapshot, NetworkInterfaceRecord } from "../../aws/runtime.ts";
import { nodeNamespace, youNamespace } from "../../cloud/names.ts";
import { endConnections } from "../../cloud/load-balancer/health.ts";
import { NetworkApplier } from "../../cloud/network/apply.ts";
import { deriveNetwork } from "../../cloud/network/router.ts";
import { openWorld } from "../../cloud/world.ts";
import { ask, hold, needKernel, scratchWorld, serve } from "./kernel.ts";
import { balancer, instance, merge, natGateway, vpc } from "./snapshots.ts";

describe("the network in the kernel", function () {
  this.timeout(60_000);
  let world: ReturnType<typeof scratchWorld> | undefined;
  let network: NetworkApplier;
  let east: LedgerSnapshot;
  let west: LedgerSnapshot;
  let first: NetworkInterfaceRecord;
  let second: NetworkInterfaceRecord;
  let remote: NetworkInterfaceRecord;
  const home = (eni: NetworkInterfaceRecord): string => nodeNamespace({ name: eni.owner, networkInterfaceId: eni.id });
  const apply = (...parts: LedgerSnapshot[]): Promise<void> => network.apply(deriveNetwork(merge(...parts)));
  const change = (part: LedgerSnapshot, edit: (copy: LedgerSnapshot) => void): LedgerSnapshot => {
    const copy = structuredClone(part);
    edit(copy);
    return copy;
  };
  const admitAll = (port: number) => (copy: LedgerSnapshot) =>
    copy.securityGroups[0]?.rules.push({
      direction: "ingress",
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      peer: { kind: "cidr", cidr: "0.0.0.0/0" },
    });

  before(async function () {
    needKernel(this);
    world = scratchWorld();
    network = new NetworkApplier(world.runDir);
    await openWorld(world.runDir);
    east = vpc(1);
    west = vpc(2, "us-west-2");
    [first, second] = [instance(east, 0, 5), instance(east, 1, 6)];
    remote = instance(west, 0, 5);
    balancer(east, [
      { eni: first, port: 8080, health: "healthy" },
      { eni: second, port: 8080, health: "healthy" },
    ]);
    await apply(east, west);
    for (const eni of [first, second, remote]) await serve(home(eni), 8080, eni.privateIp);
    await serve(youNamespace, 80, "you");
  });
  after(() => world?.end());

  it("connects members of a group that admits itself, and nobody once the rule is gone", async () => {
    assert.equal(await ask(home(first), second.privateIp, 8080), second.privateIp);
    await apply(
      change(east, (copy) => copy.securityGroups[0]?.rules.splice(0, 1)),
      west,
    );
    assert.equal(await ask(home(first), second.privateIp, 8080), undefined);
    await apply(east, west);
    assert.equal(await ask(home(first), second.privateIp, 8080), second.privateIp);
  });

  it("drops what the sender's group does not let out", async () => {
    await apply(
      change(east, (copy) => copy.securityGroups[0]?.rules.splice(1, 1)),
      west,
    );
    assert.equal(await ask(home(first), second.privateIp, 8080), undefined);
    await apply(east, west);
  });

  it("reaches an instance's public address only through a rule for its port and a route to the gateway", async () => {
    assert.equal(await ask(youNamespace, String(first.publicIp), 8080), undefined);
    const open = change(east, admitAll(8080));
    await apply(open, west);
    assert.equal(await ask(youNamespace, String(first.publicIp), 8080), first.privateIp);
    await apply(
      change(open, (copy) => copy.routeTables[0]?.routes.pop()),
      west,
    );
    assert.equal(await ask(youNamespace, String(first.publicIp), 8080), undefined);
    await apply(east, west);
  });

  it("lets an instance out through an internet gateway, and not without route or public address", async () => {
    assert.equal(await ask(home(first), "198.18.0.10", 80), "you");
    await apply(
      change(east, (copy) => copy.routeTables[0]?.routes.pop()),
      west,
    );
    assert.equal(await ask(home(first), "198.18.0.10", 80), undefined);
    await apply(
      change(east, (copy) => {
        for (const eni of copy.networkInterfaces) if (eni.id === first.id) delete eni.publicIp;
      }),
      west,
    );
    assert.equal(await ask(home(first), "198.18.0.10", 80), undefined);
    await apply(east, west);
  });

  it("lets a private subnet out through a NAT gateway, which has the address that the world sees", async () => {
    const nat = change(east, (copy) => {
      const [here] = copy.subnets;
      if (!here) throw new Error("a subnet expected");
      here.routeTableId = "rtb-private";
      const { id } = natGateway(copy, 1);
      copy.routeTables.push({
        id: "rtb-private",
        region: here.region,
        vpcId: here.vpcId,
        main: false,
        subnetIds: [here.id],
        routes: [{ destinationCidr: "0.0.0.0/0", target: { kind: "nat-gateway", id }, state: "active" }],
      });
      for (const eni of copy.networkInterfaces) if (eni.id === first.id) delete eni.publicIp;
    });
    await apply(nat, west);
    assert.equal(await ask(home(first), "198.18.0.10", 80), "you");
    assert.equal(await ask(youNamespace, "198.18.1.99", 8080), undefined);
    await apply(
      change(nat, (copy) => copy.routeTables[0]?.routes.pop()),
      west,
    );
    assert.equal(await ask(home(first), "198.18.0.10", 80), undefined, "the NAT gateway's own subnet has no route");
    await apply(east, west);
  });

  it("keeps two VPCs apart by private address, although both groups admit everybody", async () => {
    await apply(change(east, admitAll(8080)), change(west, admitAll(8080)));
    assert.equal(await ask(home(first), remote.privateIp, 8080), undefined);
    assert.equal(await ask(home(first), String(remote.publicIp), 8080), remote.privateIp);
    await apply(east, west);
  });

  it("balances over healthy targets, and over the others when one fails", async () => {
    const answers = new Set<string | undefined>();
    for (let turn = 0; turn < 20; turn++) answers.add(await ask(youNamespace, "198.18.1.200", 80));
    assert.deepEqual([...answers].sort(), [first.privateIp, second.privateIp]);
    await apply(
      change(east, (copy) => {
        for (const target of copy.targetGroups[0]?.targets ?? []) {
          if (target.ip === first.privateIp) target.health = "unhealthy";
        }
      }),
      west,
    );
    for (let turn = 0; turn < 10; turn++) {
      assert.equal(await ask(youNamespace, "198.18.1.201", 80), second.privateIp);
    }
    await apply(east, west);
  });

  it("answers a client in the load balancer's own VPC, at its public and private address", async () => {
    for (const address of ["198.18.1.200", "10.1.0.250"]) {
      const found = await ask(home(first), address, 80);
      const open = change(east, (copy) =>
        copy.securityGroups
          .find(({ id }) => id === "sg-lb-1")
          ?.rules.splice(0, 1, {
            direction: "ingress",
            protocol: "tcp",
            fromPort: 80,
            toPort: 80,
            peer: { kind: "cidr", cidr: "203.0.113.0/24" },
          }),
      );
      assert.ok(found === first.privateIp || found === second.privateIp, `${address} answered ${String(found)}`);
      await apply(open, west);
      assert.equal(await ask(home(first), address, 80), undefined, "source ranges hold inside the VPC too");
      await apply(east, west);
    }
  });

  it("loses a load balancer's traffic when the targets' group has no rule for it", async () => {
    await apply(
      change(east, (copy) => copy.securityGroups[0]?.rules.pop()),
      west,
    );
    assert.equal(await ask(youNamespace, "198.18.1.200", 80), undefined);
    await apply(east, west);
    assert.notEqual(await ask(youNamespace, "198.18.1.200", 80), undefined);
  });

  it("honours source ranges: the load balancer's own group", async () => {
    await apply(
      change(east, (copy) => {
        const rule = copy.securityGroups.find(({ id }) => id === "sg-lb-1")?.rules[0];
        if (rule) rule.peer = { kind: "cidr", cidr: "198.18.2.0/24" };
      }),
      west,
    );
    assert.equal(await ask(youNamespace, "198.18.1.200", 80), undefined);
    assert.notEqual(await ask(home(remote), "198.18.1.200", 80), undefined, "the range of the other VPC's addresses");
    await apply(east, west);
  });

  it("resets the connections of a target that turned unhealthy, and only those", async () => {
    for (const eni of [first, second]) await serve(home(eni), 8081, "", { hold: true });
    const held = change(east, (copy) => {
      for (const group of copy.targetGroups) for (const target of group.targets) target.port = 8081;
      const rule = copy.securityGroups[0]?.rules.at(-1);
      if (rule) rule.fromPort = rule.toPort = 8081;
    });
    const only = (healthy: NetworkInterfaceRecord): LedgerSnapshot =>
      change(held, (copy) => {
        for (const target of copy.targetGroups[0]?.targets ?? []) {
          target.health = target.ip === healthy.privateIp ? "healthy" : "unhealthy";
        }
      });
    await apply(only(first), west);
    const doomed = await hold(youNamespace, "198.18.1.200", 80);
    await apply(only(second), west);
    const spared = await hold(youNamespace, "198.18.1.200", 80);
    const [lb] = east.loadBalancers;
    assert.ok(lb);
    assert.equal(await doomed.ping(), "alive", "the rule for new connections does not touch it");
    await endConnections(lb, { ip: first.privateIp, port: 8081 });
    assert.deepEqual([await doomed.ping(), await spared.ping()], ["reset", "alive"]);
    await apply(east, west);
  });
});
