import assert from "node:assert/strict";
import { ledgerResources } from "../../../lab/audit/ledger.ts";
import { type Identity, leftoversOf } from "../../../lab/audit/leftovers.ts";
import { Lab } from "../../../local/test/aws/lab.ts";

/** What the ledger has, as its daemon answers `GET /resources`. */
const asked = (lab: Lab): unknown => JSON.parse(JSON.stringify(lab.ledger.resources()));

describe("an audit of the local cloud's ledger", function () {
  this.timeout(120_000);
  const eksName = "east-eksCluster-1a2b3c4";
  const identity: Identity = { labId: "0badcafe", eksNames: [], clusters: ["east"] };
  const tags = { "istio-lab/id": "0badcafe" };
  const leftIn = (lab: Lab, of: Identity = identity) => leftoversOf(ledgerResources(asked(lab)), of);
  const kindsIn = (lab: Lab) => leftIn(lab).map(({ kind }) => kind);

  it("finds all of a lab whose VPC and cluster carry its tag, and nothing that is another's", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const other = await lab.network({ cidr: "10.20.0.0/16" });
    const cluster = await lab.make("cluster", await lab.clusterInputs(network, { name: eksName, tags }));
    await lab.make("nodeGroup", await lab.nodeGroupInputs(network, { clusterName: cluster }));
    const found = leftIn(lab);
    const ids = found.map(({ id }) => id);
    for (const id of [network.vpc, network.igw, network.table, ...network.subnets, eksName])
      assert.ok(ids.includes(id), id);
    for (const id of [other.vpc, other.igw, other.table, ...other.subnets]) assert.ok(!ids.includes(id), id);
    const kinds = new Set(found.map(({ kind }) => kind));
    for (const kind of ["EKS node group", "EKS cluster", "network interface", "security group", "VPC"] as const)
      assert.ok(kinds.has(kind), kind);
    // Neither the default group nor the main table can be removed by anybody.
    const { defaultSecurityGroupId, mainRouteTableId } = lab.read("vpc", network.vpc)?.outputs as Record<
      string,
      string
    >;
    assert.ok(!ids.includes(defaultSecurityGroupId!) && !ids.includes(mainRouteTableId!));
  });

  it("finds what a load balancer controller leaves when it went before its Service", async () => {
    const lab = await Lab.open();
    const { cluster, vpc } = await lab.running({ name: eksName });
    await lab.ledger.loadBalancers.ensure(lab.balancerRequest(cluster));
    const found = leftIn(lab);
    assert.equal(found[0]?.kind, "EKS node group");
    const controllers = found.filter(({ by }) => by === "tag elbv2.k8s.aws/cluster").map(({ kind }) => kind);
    assert.deepEqual([...new Set(controllers)], ["load balancer", "target group", "security group"]);
    assert.ok(
      found.some(({ kind, vpcId, by }) => kind === "network interface" && vpcId === vpc && by.startsWith("in VPC")),
    );
  });

  it("is clean when all of it is gone, and not before", async () => {
    const lab = await Lab.open();
    const vpc = await lab.make("vpc", { cidrBlock: "10.10.0.0/16", tags });
    const role = await lab.make("role", {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: ["sts:AssumeRole"] }],
      }),
      tags,
    });
    assert.deepEqual(kindsIn(lab), ["VPC", "IAM role"]);
    await lab.delete("vpc", vpc);
    assert.deepEqual(kindsIn(lab), ["IAM role"]);
    await lab.delete("role", role);
    assert.deepEqual(kindsIn(lab), []);
  });
});
