import "./own-world.ts";
import assert from "node:assert/strict";
import type { LedgerSnapshot, NetworkInterfaceRecord } from "../../aws/runtime.ts";
import { nodeNamespace, vpcNamespace } from "../../cloud/names.ts";
import { NetworkApplier } from "../../cloud/network/apply.ts";
import { deriveNetwork } from "../../cloud/network/router.ts";
import { openWorld } from "../../cloud/world.ts";
import { ask, needKernel, scratchWorld, serve } from "./kernel.ts";
import { balancer, instance, merge, peered, vpc } from "./snapshots.ts";

describe("a peering without its acceptance", () => {
  it("is no link and no route", () => {
    const snapshot = peered(vpc(1), vpc(2));
    const linked = (of: LedgerSnapshot) => {
      const { links, namespaces } = deriveNetwork(of);
      const routes = namespaces[vpcNamespace("vpc-00000001")]?.routes ?? [];
      const between = links.filter(({ left, right }) =>
        [left, right].every(({ namespace }) => /vpc-0000000[12]$/.test(namespace)),
      );
      return [between.length, routes.filter((route) => route.startsWith("10.2.")).length];
    };
    assert.deepEqual(linked(snapshot), [1, 1]);
    for (const peering of snapshot.peerings) peering.status = "pending-acceptance";
    assert.deepEqual(linked(snapshot), [0, 0]);
  });

  it("leads no further than to the peer's block, whatever the route says", () => {
    const snapshot = peered(vpc(1), vpc(2));
    for (const route of snapshot.routeTables[0]?.routes ?? []) {
      if (route.target.kind === "peering") route.destinationCidr = "10.0.0.0/8";
    }
    const routes = deriveNetwork(snapshot).namespaces[vpcNamespace("vpc-00000001")]?.routes ?? [];
    assert.deepEqual(
      routes.filter((route) => / dev p[0-9a-f]{8} /.test(route)).map((route) => route.split(" ")[0]),
      ["10.2.0.0/16"],
    );
  });
});

describe("a peering in the kernel", function () {
  this.timeout(300_000);
  let world: ReturnType<typeof scratchWorld> | undefined;
  let network: NetworkApplier;
  let joined: LedgerSnapshot;
  let east: NetworkInterfaceRecord;
  let west: NetworkInterfaceRecord;
  let third: NetworkInterfaceRecord;
  const home = (eni: NetworkInterfaceRecord): string => nodeNamespace({ name: eni.owner, networkInterfaceId: eni.id });
  const apply = (snapshot: LedgerSnapshot): Promise<void> => network.apply(deriveNetwork(snapshot));
  const changed = (edit: (copy: LedgerSnapshot) => void): LedgerSnapshot => {
    const copy = structuredClone(joined);
    edit(copy);
    return copy;
  };
  const withoutRoutes = (vpcId: string) => (copy: LedgerSnapshot) => {
    for (const table of copy.routeTables) {
      if (table.vpcId === vpcId) table.routes = table.routes.filter(({ target }) => target.kind !== "peering");
    }
  };
  /** One side admits the other by its block, as across regions no group can be named. */
  const admit = (copy: LedgerSnapshot, vpcId: string, cidr: string): void => {
    copy.securityGroups
      .find((group) => group.vpcId === vpcId)
      ?.rules.push({ direction: "ingress", protocol: "-1", peer: { kind: "cidr", cidr } });
  };
  const eastToWest = () => ask(home(east), west.privateIp, 8080);
  const westToEast = () => ask(home(west), east.privateIp, 8080);

  before(async function () {
    needKernel(this);
    world = scratchWorld();
    network = new NetworkApplier(world.runDir);
    await openWorld(world.runDir);
    const [first, second, other] = [vpc(1), vpc(2, "us-west-2"), vpc(3)];
    [east, west, third] = [instance(first, 0, 5), instance(second, 0, 5), instance(other, 0, 5)];
    balancer(second, [{ eni: west, port: 8080, health: "healthy" }]);
    // The third VPC is a peer of the second one only.
    joined = merge(peered(first, second), other);
    const link = peered(second, other);
    joined.peerings.push(...link.peerings);
    for (const table of joined.routeTables) {
      const more = link.routeTables.find(({ id }) => id === table.id)?.routes ?? [];
      table.routes.splice(1, 0, ...more.filter(({ target }) => target.kind === "peering" && target.id === "pcx-23"));
    }
    admit(joined, "vpc-00000001", "10.0.0.0/8");
    admit(joined, "vpc-00000002", "10.0.0.0/8");
    admit(joined, "vpc-00000003", "10.0.0.0/8");
    await apply(joined);
    for (const eni of [east, west, third]) await serve(home(eni), 8080, eni.privateIp);
  });
  after(() => world?.end());
  afterEach(() => (world === undefined ? undefined : apply(joined)));

  it("carries packets both ways, with their own addresses", async () => {
    assert.equal(await eastToWest(), west.privateIp);
    assert.equal(await westToEast(), east.privateIp);
  });

  for (const [vpcId, whose] of [
    ["vpc-00000001", "the sender's"],
    ["vpc-00000002", "the receiver's"],
  ] as const) {
    it(`carries nothing without ${whose} route`, async () => {
      await apply(changed(withoutRoutes(vpcId)));
      assert.equal(await eastToWest(), undefined);
    });
  }

  it("carries nothing out of a subnet whose own table has no route, while its neighbour's has", async () => {
    const copy = changed((snapshot) => {
      const [subnet] = snapshot.subnets;
      const [table] = snapshot.routeTables;
      if (!subnet || !table) throw new Error("a subnet and its table expected");
      subnet.routeTableId = "rtb-bare";
      const routes = table.routes.filter(({ target }) => target.kind !== "peering");
      snapshot.routeTables.push({ ...table, id: "rtb-bare", main: false, subnetIds: [subnet.id], routes });
    });
    await apply(copy);
    assert.equal(await eastToWest(), undefined);
  });

  it("carries nothing that the receiver's group does not admit", async () => {
    await apply(changed((copy) => copy.securityGroups.find(({ vpcId }) => vpcId === "vpc-00000002")?.rules.pop()));
    // The balancer's rule for port 8080 names its own group.
    assert.equal(await eastToWest(), undefined);
    assert.equal(await westToEast(), east.privateIp);
  });

  it("carries nothing before it is accepted", async () => {
    await apply(changed((copy) => copy.peerings.forEach((peering) => (peering.status = "pending-acceptance"))));
    assert.equal(await eastToWest(), undefined);
  });

  it("is no way through to a third VPC, even with routes for it", async () => {
    assert.equal(await ask(home(west), third.privateIp, 8080), third.privateIp);
    const copy = changed((snapshot) => {
      for (const table of snapshot.routeTables) {
        const via = { "vpc-00000001": ["10.3.0.0/16", "pcx-12"], "vpc-00000003": ["10.1.0.0/16", "pcx-23"] }[
          table.vpcId
        ];
        if (!via) continue;
        const [destinationCidr = "", id = ""] = via;
        table.routes.splice(1, 0, { destinationCidr, target: { kind: "peering", id }, state: "active" });
      }
    });
    await apply(copy);
    assert.equal(await ask(home(east), third.privateIp, 8080), undefined);
  });

  it("is no way to the peer's internet gateway", async () => {
    await apply(
      changed((snapshot) => {
        for (const route of snapshot.routeTables[0]?.routes ?? []) {
          if (route.target.kind === "internet-gateway") route.target = { kind: "peering", id: "pcx-12" };
        }
      }),
    );
    assert.equal(await ask(home(east), "198.18.2.200", 80), undefined);
  });

  it("leads to a load balancer's private address, whose answer takes the route of its own subnet", async () => {
    assert.equal(await ask(home(east), "10.2.0.250", 80), west.privateIp);
    const copy = changed((snapshot) => {
      const subnet = snapshot.subnets.find(({ id }) => id === "subnet-21");
      const table = snapshot.routeTables.find(({ vpcId }) => vpcId === "vpc-00000002");
      if (!subnet || !table) throw new Error("the other zone's subnet expected");
      subnet.routeTableId = "rtb-bare";
      const routes = table.routes.filter(({ target }) => target.kind !== "peering");
      snapshot.routeTables.push({ ...table, id: "rtb-bare", main: false, subnetIds: [subnet.id], routes });
    });
    await apply(copy);
    assert.equal(await ask(home(east), "10.2.0.250", 80), west.privateIp);
    assert.equal(await ask(home(east), "10.2.1.250", 80), undefined, "the balancer's address in the other zone");
  });
});
