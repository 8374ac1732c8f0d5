import assert from "node:assert/strict";
import { cidr, contains, overlaps } from "../../aws/cidr.ts";
import { HalfMade } from "../../aws/errors.ts";
import type { Props } from "../../aws/resource.ts";
import { NullRuntime } from "../../aws/runtime.ts";
import type { NodeRecord } from "../../aws/runtime.ts";
import { Lab, NODE_POLICIES, refuses } from "./lab.ts";
import type { Network } from "./lab.ts";

const invalid = "InvalidParameterException";

function nodesOf(lab: Lab): NodeRecord[] {
  return lab.ledger.snapshot().clusters.flatMap(({ nodeGroups }) => nodeGroups.flatMap(({ nodes }) => nodes));
}

describe("EKS refuses a node group", () => {
  let lab: Lab;
  let network: Network;
  let inputs: Props;
  beforeEach(async () => {
    lab = await Lab.open();
    network = await lab.network();
    await lab.make("cluster", await lab.clusterInputs(network));
    inputs = await lab.nodeGroupInputs(network);
  });
  const group = (overrides: Props) => lab.make("nodeGroup", { ...inputs, ...overrides });

  it("whose cluster is missing or whose name exists", async () => {
    await refuses(
      () => group({ clusterName: "west" }),
      "ResourceNotFoundException",
      "No cluster found for name: west.",
    );
    await group({ nodeGroupName: "a" });
    await refuses(
      () => group({ nodeGroupName: "a" }),
      "ResourceInUseException",
      "NodeGroup already exists with name a and cluster name east",
    );
    assert.equal(lab.check("nodeGroup", { ...inputs, nodeGroupName: "a".repeat(64) }).failures.length, 1);
  });

  it("whose role is missing, trusts somebody else or lacks one of the policies", async () => {
    await refuses(
      () => group({ nodeRoleArn: "arn:aws:iam::123456789012:role/gone" }),
      invalid,
      "The role with name gone cannot be found.",
    );
    const clusterRole = await lab.clusterRole();
    await refuses(
      () => group({ nodeRoleArn: clusterRole.arn }),
      invalid,
      /^Following required service principals \[ec2\.amazonaws\.com\] were not found in the trust relationships of nodeRole/,
    );
    const without = async (policy: string) => {
      const role = await lab.role(
        "ec2.amazonaws.com",
        NODE_POLICIES.filter((name) => name !== policy),
      );
      return group({ nodeRoleArn: role.arn });
    };
    await refuses(
      () => without("AmazonEKSWorkerNodePolicy"),
      invalid,
      /policies \[arn:aws:iam::aws:policy\/AmazonEKSWorkerNodePolicy\] are attached$/,
    );
    await refuses(
      () => without("AmazonEC2ContainerRegistryPullOnly"),
      invalid,
      /AmazonEC2ContainerRegistryReadOnly\] are attached$/,
    );
    await refuses(() => without("AmazonEKS_CNI_Policy"), "NodeCreationFailure", /lacks AmazonEKS_CNI_Policy/);
  });

  it("in a public subnet that gives out no public addresses", async () => {
    const closed = await lab.make("subnet", { vpcId: network.vpc, cidrBlock: "10.10.64.0/20" });
    await lab.make("association", { routeTableId: network.table, subnetId: closed });
    await refuses(
      () => group({ subnetIds: [closed] }),
      "Ec2SubnetInvalidConfiguration",
      /does not automatically assign public IP addresses to instances launched into it/,
    );
  });

  it("whose subnets have no way to the internet, but not behind a NAT gateway", async () => {
    const inside = await lab.make("subnet", { vpcId: network.vpc, cidrBlock: "10.10.64.0/20" });
    await refuses(
      () => group({ subnetIds: [inside] }),
      "NodeCreationFailure",
      /^Instances failed to join the kubernetes cluster: subnet-\w+ has no route to the internet$/,
    );
    const nat = await lab.make("nat", { allocationId: await lab.make("eip", {}), subnetId: network.subnets[0] });
    const routes = [{ cidrBlock: "0.0.0.0/0", natGatewayId: nat }];
    const table = await lab.make("table", { vpcId: network.vpc, routes });
    await lab.make("association", { routeTableId: table, subnetId: inside });
    await group({ subnetIds: [inside] });
    assert.deepEqual(
      nodesOf(lab).map(({ publicIp }) => publicIp),
      [undefined, undefined],
    );
  });

  it("when a route to the internet was forgotten", async () => {
    await lab.delete("route", network.route);
    await refuses(() => group({}), "NodeCreationFailure", /has no route to the internet/);
  });

  it("whose nodes cannot reach the endpoint", async () => {
    const vpcConfig = { subnetIds: network.subnets, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };
    await lab.update("cluster", "east", {
      ...(await lab.clusterInputs(network)),
      roleArn: clusterRoleArn(lab),
      vpcConfig,
    });
    await refuses(() => group({}), "NodeCreationFailure", /publicAccessCidrs do not hold the nodes/);
  });

  it("in subnets of another VPC, with impossible sizes, or of a version that does not fit", async () => {
    const other = await lab.network({ cidr: "10.20.0.0/16" });
    await refuses(() => group({ subnetIds: other.subnets }), invalid, /are not in the VPC of the cluster$/);
    const sized = (minSize: number, desiredSize: number, maxSize: number) =>
      group({ scalingConfig: { minSize, desiredSize, maxSize } });
    await refuses(() => sized(3, 2, 4), invalid, "Minimum capacity 3 can't be greater than desired size 2");
    await refuses(() => sized(1, 5, 4), invalid, "desired capacity 5 can't be greater than max size 4");
    await refuses(() => group({ version: "1.37" }), invalid, /not compatible with the cluster version 1\.36/);
    await refuses(() => group({ version: "1.32" }), invalid, /not compatible/);
  });

  it("with instances that do not exist or do not run the image, or a template that is not there", async () => {
    await refuses(
      () => group({ instanceTypes: ["t3.large", "t3.giant"] }),
      invalid,
      "The following supplied instance types do not exist: [t3.giant]",
    );
    await refuses(
      () => group({ instanceTypes: ["t4g.large"] }),
      invalid,
      "[t4g.large] is not a valid instance type for requested amiType AL2023_x86_64_STANDARD",
    );
    const arm = { amiType: "AL2023_ARM_64_STANDARD" };
    await refuses(
      () => group({ ...arm, instanceTypes: ["m6g.large", "m6i.large"] }),
      invalid,
      /^\[m6i\.large\] is not/,
    );
    await refuses(
      () => group({ launchTemplate: { id: "lt-0gone", version: "1" } }),
      "InvalidLaunchTemplateId.NotFound",
      "The specified launch template, with template ID lt-0gone, does not exist.",
    );
    const id = await lab.make("template", {});
    await refuses(() => group({ launchTemplate: { id, version: "2" } }), invalid, /version 2 does not exist/);
    await group({ ...arm, instanceTypes: ["m6g.large", "c7gn.large"], launchTemplate: { id, version: "1" } });
  });

  it("for whose nodes the subnet has no room, leaving nothing behind", async () => {
    const small = await lab.make("subnet", {
      vpcId: network.vpc,
      cidrBlock: "10.10.200.0/28",
      mapPublicIpOnLaunch: true,
    });
    await lab.make("association", { routeTableId: network.table, subnetId: small });
    const before = lab.ledger.resources().length;
    await refuses(
      () => group({ subnetIds: [small] }),
      "InsufficientFreeAddressesInSubnet",
      /^There are not enough free addresses in subnet 'subnet-\w+'/,
    );
    assert.equal(lab.ledger.resources().length, before);
  });

  it("that does not become ready, in EKS's words, and leave it there until somebody deletes it", async () => {
    class Failing extends NullRuntime {
      override createNodeGroup() {
        return Promise.reject(new Error("kubelet exited"));
      }
    }
    const failing = await Lab.open({ runtime: () => new Failing() });
    const own = await failing.network();
    await failing.make("cluster", await failing.clusterInputs(own));
    const wanted = await failing.nodeGroupInputs(own);
    const before = failing.ledger.resources().length;
    const error = await failing.make("nodeGroup", wanted).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof HalfMade && error.code === "NodeCreationFailure");
    assert.match(error.message, /NodeCreationFailure: Unhealthy nodes in the kubernetes cluster: kubelet exited$/);
    assert.equal(failing.read("nodeGroup", error.made.id)?.outputs["status"], "CREATE_FAILED");
    await failing.delete("nodeGroup", error.made.id);
    assert.equal(failing.ledger.resources().length, before);
  });

  it("whose deletion comes after that of its role", async () => {
    const id = await group({});
    const name = String(inputs["nodeRoleArn"]).split("/")[1] ?? "";
    for (const { id: attachment } of lab.ledger.resources().filter((one) => one.id.startsWith(`${name}/`))) {
      await lab.delete("attach", attachment);
    }
    await lab.delete("role", name);
    await refuses(() => lab.delete("nodeGroup", id), "IamNodeRoleNotFound", /was deleted before it/);
  });
});

function clusterRoleArn(lab: Lab): string {
  return String(lab.read("cluster", "east")?.outputs["roleArn"]);
}

describe("nodes", () => {
  it("are spread over subnets, with an address and an aligned slice for pods that nobody else has", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    await lab.make("cluster", await lab.clusterInputs(network));
    const scalingConfig = { minSize: 1, desiredSize: 5, maxSize: 9 };
    await lab.make("nodeGroup", await lab.nodeGroupInputs(network, { scalingConfig }));
    const nodes = nodesOf(lab);
    const perZone = (zone: string) => nodes.filter((node) => node.zone === zone).length;
    assert.deepEqual([perZone("us-west-2a"), perZone("us-west-2b")], [3, 2]);
    assert.equal(nodes[0]?.name, "ip-10-10-0-5.us-west-2.compute.internal");
    const blocks = nodes.flatMap(({ podCidr, privateIp }) => [cidr(podCidr), cidr(`${privateIp}/32`)]);
    for (const [index, block] of blocks.entries()) {
      assert.ok(blocks.every((other, at) => at === index || !overlaps(block, other)));
    }
    for (const { podCidr, zone } of nodes) {
      const subnet = zone === "us-west-2a" ? "10.10.0.0/20" : "10.10.16.0/20";
      assert.ok(contains(cidr(subnet), cidr(podCidr)));
      assert.equal(cidr(podCidr).prefix, 25);
      const last = cidr(subnet).base + 4095;
      assert.ok(!overlaps(cidr(podCidr), { base: last, prefix: 32 }), "the last address of a subnet is AWS's");
    }
    assert.equal(new Set(nodes.map(({ publicIp }) => publicIp)).size, 5);
  });

  it("come and go with the desired size, the others keep their addresses", async () => {
    const runtime = new NullRuntime();
    const lab = await Lab.open({ runtime: () => runtime });
    const network = await lab.network();
    await lab.make("cluster", await lab.clusterInputs(network));
    const inputs = await lab.nodeGroupInputs(network, { nodeGroupName: "a" });
    const id = await lab.make("nodeGroup", inputs);
    const before = nodesOf(lab);
    await lab.update("nodeGroup", id, { ...inputs, scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 3 } });
    assert.deepEqual(nodesOf(lab).slice(0, 2), before);
    assert.equal(nodesOf(lab).length, 3);
    await lab.update("nodeGroup", id, { ...inputs, scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 3 } });
    assert.deepEqual(nodesOf(lab), before.slice(0, 1));
    const enis = lab.ledger.snapshot().networkInterfaces.filter(({ kind }) => kind === "node");
    assert.equal(enis.length, 1);
    assert.equal(runtime.calls.filter((call) => call.startsWith("createNodeGroup")).length, 3);
  });

  it("have us-east-1's own form of name there, which their VPC resolves", async () => {
    const lab = (await Lab.open()).in("us-east-1");
    const network = await lab.network({ zones: ["us-east-1b", "us-east-1c"] });
    await lab.make("cluster", await lab.clusterInputs(network));
    await lab.make("nodeGroup", await lab.nodeGroupInputs(network));
    const [node] = nodesOf(lab);
    assert.equal(node?.name, "ip-10-10-0-5.ec2.internal");
    const record = lab.ledger.snapshot().dns.find(({ name }) => name === node.name);
    assert.deepEqual([record?.vpcId, record?.addresses], [network.vpc, ["10.10.0.5"]]);
  });

  it("carry the cluster's group, or their template's groups instead", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    await lab.make("cluster", await lab.clusterInputs(network));
    await lab.make("nodeGroup", await lab.nodeGroupInputs(network));
    const own = await lab.make("group", { vpcId: network.vpc });
    const template = await lab.make("template", { vpcSecurityGroupIds: [own] });
    const launchTemplate = { id: template, version: "1" };
    await lab.make("nodeGroup", await lab.nodeGroupInputs(network, { launchTemplate }));
    const [cluster] = lab.ledger.snapshot().clusters;
    const groups = cluster?.nodeGroups.map(({ securityGroupIds }) => securityGroupIds);
    assert.deepEqual(groups, [[cluster?.clusterSecurityGroupId], [own]]);
    await refuses(() => lab.delete("group", own), "DependencyViolation", `resource ${own} has a dependent object`);
  });
});
