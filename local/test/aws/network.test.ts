import assert from "node:assert/strict";
import { Lab, REGION, ZONES, refuses } from "./lab.ts";

describe("EC2 networking refuses", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open();
  });
  const subnet = (vpcId: string, cidrBlock: string, more: object = {}) =>
    lab.make("subnet", { vpcId, cidrBlock, availabilityZone: ZONES[0], ...more });

  it("a VPC or subnet block that is malformed or larger than /16 or smaller than /28", () => {
    for (const type of ["vpc", "subnet"] as const) {
      const reasonFor = (cidrBlock: string) =>
        lab.check(type, { cidrBlock, vpcId: "vpc-1" }).failures.filter(({ property }) => property === "cidrBlock")[0]
          ?.reason;
      assert.match(reasonFor("10.0.0.0/15") ?? "", /between 16 and 28 significant bits, got: 15/);
      assert.match(reasonFor("10.0.0.0/29") ?? "", /between 16 and 28 significant bits, got: 29/);
      assert.match(reasonFor("10.0.0.1/16") ?? "", /is not a valid CIDR block; did you mean "10.0.0.0\/16"\?/);
      assert.match(reasonFor("10.0.0.256/16") ?? "", /is not a valid CIDR block$/);
      assert.equal(reasonFor("10.0.0.0/16"), undefined);
      assert.equal(reasonFor("10.0.0.0/28"), undefined);
    }
  });

  it("a fifth VPC of the lab in a region, whose default VPC is the fifth there", async () => {
    for (const second of [1, 2, 3, 4]) await lab.make("vpc", { cidrBlock: `10.${second}.0.0/16` });
    await refuses(
      () => lab.make("vpc", { cidrBlock: "10.5.0.0/16" }),
      "VpcLimitExceeded",
      "The maximum number of VPCs has been reached.",
    );
    await lab.in("eu-west-1").make("vpc", { cidrBlock: "10.5.0.0/16" });
  });

  it("subnets that overlap, lie outside their VPC, or name a VPC or zone that is not there", async () => {
    const vpc = await lab.make("vpc", { cidrBlock: "10.10.0.0/16" });
    await subnet(vpc, "10.10.0.0/20");
    await subnet(vpc, "10.10.16.0/20");
    const conflict = "The CIDR '10.10.8.0/21' conflicts with another subnet";
    await refuses(() => subnet(vpc, "10.10.8.0/21"), "InvalidSubnet.Conflict", conflict);
    await refuses(() => subnet(vpc, "10.11.0.0/20"), "InvalidSubnet.Range", "The CIDR '10.11.0.0/20' is invalid.");
    await refuses(
      () => subnet("vpc-0gone", "10.10.32.0/20"),
      "InvalidVpcID.NotFound",
      "The vpc ID 'vpc-0gone' does not exist",
    );
    await refuses(
      () => lab.in("us-east-2").make("subnet", { vpcId: vpc, cidrBlock: "10.10.32.0/20" }),
      "InvalidVpcID.NotFound",
      /does not exist/,
    );
    await refuses(
      () => subnet(vpc, "10.10.32.0/20", { availabilityZone: "us-west-2e" }),
      "InvalidParameterValue",
      /Value \(us-west-2e\) for parameter availabilityZone is invalid\. .* us-west-2a, us-west-2b, us-west-2c, us-west-2d\.$/,
    );
  });

  it("a second internet gateway, and detaching one while public addresses are mapped", async () => {
    const { vpc, igw, subnets } = await lab.network();
    const words = `Network ${vpc} already has an internet gateway attached`;
    await refuses(() => lab.make("igw", { vpcId: vpc }), "InvalidParameterValue", words);
    const spare = await lab.make("igw", {});
    await refuses(
      () => lab.make("attachment", { internetGatewayId: spare, vpcId: vpc }),
      "InvalidParameterValue",
      words,
    );
    const address = await lab.make("eip", { domain: "vpc" });
    const nat = await lab.make("nat", { allocationId: address, subnetId: subnets[0] });
    const mapped = /has some mapped public address\(es\)\. Please unmap those public address\(es\) before detaching/;
    await refuses(() => lab.delete("igw", igw), "DependencyViolation", mapped);
    await lab.delete("nat", nat);
    await lab.delete("igw", igw);
    assert.equal(lab.read("igw", igw), undefined);
  });

  it("routes to what is not there or elsewhere, twice to one destination, or into the VPC itself", async () => {
    const { vpc, table, igw } = await lab.network();
    const route = (more: object) =>
      lab.make("route", { routeTableId: table, destinationCidrBlock: "1.2.3.0/24", ...more });
    await refuses(
      () => route({ gatewayId: "igw-0gone" }),
      "InvalidInternetGatewayID.NotFound",
      "The internetGateway ID 'igw-0gone' does not exist",
    );
    await refuses(() => route({ natGatewayId: "nat-0gone" }), "InvalidNatGatewayID.NotFound", /nat-0gone/);
    await refuses(
      () => route({ vpcPeeringConnectionId: "pcx-0gone" }),
      "InvalidVpcPeeringConnectionID.NotFound",
      /pcx-0gone/,
    );
    await refuses(
      () => route({ gatewayId: igw, routeTableId: "rtb-0gone" }),
      "InvalidRouteTableID.NotFound",
      "The routeTable ID 'rtb-0gone' does not exist",
    );
    const other = await lab.make("vpc", { cidrBlock: "10.20.0.0/16" });
    const foreign = await lab.make("igw", { vpcId: other });
    await refuses(
      () => route({ gatewayId: foreign }),
      "InvalidParameterValue",
      `route table ${table} and network gateway ${foreign} belong to different networks`,
    );
    await refuses(
      () => route({ gatewayId: igw, destinationCidrBlock: "0.0.0.0/0" }),
      "RouteAlreadyExists",
      "The route identified by 0.0.0.0/0 already exists.",
    );
    await refuses(
      () => route({ gatewayId: igw, destinationCidrBlock: "10.10.4.0/24" }),
      "InvalidParameterValue",
      /^The destination CIDR block 10\.10\.4\.0\/24 is equal to or more specific than one of this VPC's CIDR blocks\./,
    );
    const twice = { cidrBlock: "0.0.0.0/0", gatewayId: igw };
    await refuses(
      () => lab.make("table", { vpcId: vpc, routes: [twice, twice] }),
      "RouteAlreadyExists",
      /0\.0\.0\.0\/0/,
    );
    assert.equal(lab.check("route", { routeTableId: table, destinationCidrBlock: "0.0.0.0/0" }).failures.length, 1);
  });

  it("associations across networks or to a subnet that has one", async () => {
    const { table, subnets } = await lab.network();
    await refuses(
      () => lab.make("association", { routeTableId: table, subnetId: subnets[0] }),
      "Resource.AlreadyAssociated",
      `the specified association for route table ${table} conflicts with an existing association`,
    );
    const other = await lab.make("vpc", { cidrBlock: "10.20.0.0/16" });
    const foreign = await subnet(other, "10.20.0.0/20");
    await refuses(
      () => lab.make("association", { routeTableId: table, subnetId: foreign }),
      "InvalidParameterValue",
      `route table ${table} and subnet ${foreign} belong to different networks`,
    );
    await refuses(
      () => lab.make("mainAssociation", { routeTableId: table, vpcId: other }),
      "InvalidParameterValue",
      /belong to different networks/,
    );
  });

  it("NAT gateways without an internet gateway, and addresses that are taken or in use", async () => {
    const vpc = await lab.make("vpc", { cidrBlock: "10.10.0.0/16" });
    const inside = await subnet(vpc, "10.10.0.0/20");
    const address = await lab.make("eip", {});
    const nat = (allocationId: string) => lab.make("nat", { allocationId, subnetId: inside });
    await refuses(() => nat(address), "Gateway.NotAttached", `Network ${vpc} has no Internet gateway attached`);
    await lab.make("igw", { vpcId: vpc });
    await refuses(() => nat("eipalloc-0gone"), "InvalidAllocationID.NotFound", /eipalloc-0gone/);
    await nat(address);
    await refuses(() => nat(address), "Resource.AlreadyAssociated", /is already associated/);
    await refuses(() => lab.delete("eip", address), "InvalidIPAddress.InUse", /^Address 198\.19\.0\.\d+ is in use\.$/);
    assert.equal(lab.check("nat", { subnetId: inside }).failures[0]?.property, "allocationId");
    for (let more = 0; more < 4; more++) await lab.make("eip", {});
    const addresses = lab.ledger.snapshot().elasticIps.map(({ publicIp }) => publicIp);
    assert.equal(new Set(addresses).size, 5);
    await refuses(() => lab.make("eip", {}), "AddressLimitExceeded", /maximum number of addresses/);
  });

  it("deleting what others depend on, in the order in which AWS does", async () => {
    const bare = await lab.make("vpc", { cidrBlock: "10.50.0.0/16" });
    const only = await subnet(bare, "10.50.0.0/20");
    await refuses(() => lab.delete("vpc", bare), "DependencyViolation", /has dependencies and cannot be deleted/);
    await lab.delete("subnet", only);
    await lab.delete("vpc", bare);
    const { vpc, igw, table, route, subnets, associations } = await lab.network();
    const blocked = () =>
      refuses(
        () => lab.delete("vpc", vpc),
        "DependencyViolation",
        `The vpc '${vpc}' has dependencies and cannot be deleted.`,
      );
    await refuses(
      () => lab.delete("table", table),
      "DependencyViolation",
      `The routeTable '${table}' has dependencies and cannot be deleted.`,
    );
    await blocked();
    for (const id of associations) await lab.delete("association", id);
    for (const id of subnets) await lab.delete("subnet", id);
    await blocked();
    await lab.delete("route", route);
    await lab.delete("igw", igw);
    await blocked();
    await lab.delete("table", table);
    const group = await lab.make("group", { vpcId: vpc });
    await blocked();
    await lab.delete("group", group);
    await lab.delete("vpc", vpc);
    assert.deepEqual(lab.ledger.resources(), []);
  });

  it("a subnet's deletion while an interface is in it", async () => {
    const { subnets } = await lab.network();
    const address = await lab.make("eip", {});
    const nat = await lab.make("nat", { allocationId: address, subnetId: subnets[1] });
    const id = subnets[1] ?? "";
    await refuses(
      () => lab.delete("subnet", id),
      "DependencyViolation",
      `The subnet '${id}' has dependencies and cannot be deleted.`,
    );
    await lab.delete("nat", nat);
    await lab.delete("subnet", id);
  });

  it("a peering of overlapping or missing VPCs, and accepting it in the wrong region", async () => {
    const here = await lab.make("vpc", { cidrBlock: "10.10.0.0/16" });
    const far = lab.in("us-east-1");
    const same = await far.make("vpc", { cidrBlock: "10.10.0.0/16" });
    const there = await far.make("vpc", { cidrBlock: "10.20.0.0/16" });
    const peer = (peerVpcId: string) => lab.make("peering", { vpcId: here, peerVpcId, peerRegion: "us-east-1" });
    await refuses(() => peer(same), "UnexpectedState", /overlapping CIDR range$/);
    await refuses(() => peer("vpc-0gone"), "UnexpectedState", /incorrect VPC-ID/);
    const connection = await peer(there);
    const accept = { vpcPeeringConnectionId: connection, autoAccept: true };
    await refuses(() => lab.make("accepter", accept), "OperationNotPermitted", /its accepter is in us-east-1/);
    const states = () => lab.ledger.snapshot().peerings.map(({ status }) => status);
    assert.deepEqual(states(), ["pending-acceptance"]);
    await far.make("accepter", accept);
    assert.deepEqual(states(), ["active"]);
    const { failures } = lab.check("peering", {
      vpcId: here,
      peerVpcId: there,
      peerRegion: "us-east-1",
      autoAccept: true,
    });
    assert.equal(failures[0]?.property, "autoAccept");
  });
});

describe("what the ledger says about networks", () => {
  it("which table rules a subnet, and where its routes lead", async () => {
    const lab = await Lab.open();
    const { vpc, table, igw, subnets } = await lab.network();
    const lonely = await lab.make("subnet", { vpcId: vpc, cidrBlock: "10.10.128.0/20" });
    const { routeTables, subnets: records, vpcs } = lab.ledger.snapshot();
    const main = routeTables.find((candidate) => candidate.main);
    assert.deepEqual(main?.subnetIds, [lonely]);
    assert.deepEqual(main.routes, [{ destinationCidr: "10.10.0.0/16", target: { kind: "local" }, state: "active" }]);
    const own = routeTables.find(({ id }) => id === table);
    assert.deepEqual(own?.subnetIds, subnets);
    assert.deepEqual(own.routes[1], {
      destinationCidr: "0.0.0.0/0",
      target: { kind: "internet-gateway", id: igw },
      state: "active",
    });
    assert.equal(records.find(({ id }) => id === subnets[0])?.routeTableId, table);
    assert.equal(records.find(({ id }) => id === subnets[1])?.gatewayIp, "10.10.16.1");
    assert.deepEqual(vpcs[0], {
      ...{ id: vpc, region: REGION, cidr: "10.10.0.0/16", resolverIp: "10.10.0.2" },
      ...{ enableDnsSupport: true, enableDnsHostnames: true },
    });
  });

  it("that a route without its gateway is a blackhole", async () => {
    const lab = await Lab.open();
    const { igw, table } = await lab.network();
    await lab.delete("igw", igw);
    const routes = lab.ledger.snapshot().routeTables.find(({ id }) => id === table)?.routes;
    assert.deepEqual(
      routes?.map(({ state }) => state),
      ["active", "blackhole"],
    );
  });

  it("that tampering takes a route away which the program still has", async () => {
    const lab = await Lab.open();
    const { route, table } = await lab.network();
    await lab.ledger.tamper("aws:ec2/route:Route", route);
    assert.equal(lab.read("route", route), undefined);
    assert.equal(lab.ledger.snapshot().routeTables.find(({ id }) => id === table)?.routes.length, 1);
    await refuses(() => lab.ledger.tamper("aws:ec2/route:Route", route), "NotFound", /There is no/);
  });
});
