import assert from "node:assert/strict";
import { NullRuntime } from "../../aws/runtime.ts";
import type { Props } from "../../aws/resource.ts";
import { Lab, refuses } from "./lab.ts";
import type { Network } from "./lab.ts";

describe("EKS refuses a cluster", () => {
  let lab: Lab;
  let network: Network;
  let inputs: Props;
  beforeEach(async () => {
    lab = await Lab.open();
    network = await lab.network();
    inputs = await lab.clusterInputs(network);
  });
  const invalid = "InvalidParameterException";
  const cluster = (overrides: Props) => lab.make("cluster", { ...inputs, ...overrides });
  const withVpc = (vpcConfig: Props) => cluster({ vpcConfig: { subnetIds: network.subnets, ...vpcConfig } });

  it("whose name exists in the region, but not in another one", async () => {
    await cluster({});
    await refuses(() => cluster({}), "ResourceInUseException", "Cluster already exists with name: east");
    const far = lab.in("us-east-2");
    const elsewhere = await far.network({ zones: ["us-east-2a", "us-east-2b"] });
    await far.make("cluster", { ...inputs, vpcConfig: { subnetIds: elsewhere.subnets } });
    assert.equal(lab.check("cluster", { ...inputs, name: "-east" }).failures[0]?.property, "name");
    assert.equal(lab.check("cluster", { ...inputs, name: "e".repeat(101) }).failures[0]?.property, "name");
  });

  it("of a version that it does not offer", async () => {
    await refuses(() => cluster({ version: "1.29" }), invalid, "unsupported Kubernetes version");
    await refuses(() => cluster({ version: "1.37" }), invalid, "unsupported Kubernetes version");
  });

  it("in one zone, in two VPCs, in subnets that are gone, or with groups of another VPC", async () => {
    const two = "Subnets specified must be in at least two different AZs";
    await refuses(() => withVpc({ subnetIds: network.subnets.slice(0, 1) }), invalid, two);
    const sameZone = await lab.make("subnet", {
      ...{ vpcId: network.vpc, cidrBlock: "10.10.128.0/20", availabilityZone: "us-west-2a" },
    });
    await refuses(() => withVpc({ subnetIds: [network.subnets[0], sameZone] }), invalid, two);
    await refuses(
      () => withVpc({ subnetIds: [...network.subnets, "subnet-0gone"] }),
      invalid,
      /^The subnet ID 'subnet-0gone' does not exist/,
    );
    const other = await lab.network({ cidr: "10.20.0.0/16" });
    await refuses(() => withVpc({ subnetIds: [network.subnets[0], other.subnets[1]] }), invalid, /same VPC/);
    const group = await lab.make("group", { vpcId: other.vpc });
    await refuses(() => withVpc({ securityGroupIds: [group] }), invalid, /not in the same VPC as the subnets/);
  });

  it("in a zone where it has no control planes, in which a program lands that takes the first two zones", async () => {
    const east = lab.in("us-east-1");
    const names = east.invoke("aws:index/getAvailabilityZones:getAvailabilityZones")["names"] as string[];
    const careless = await east.network({ zones: names.slice(0, 2) });
    await refuses(
      () => east.make("cluster", { ...inputs, vpcConfig: { subnetIds: careless.subnets } }),
      "UnsupportedAvailabilityZoneException",
      /^Cannot create cluster 'east' because EKS does not support creating control plane instances in us-east-1a, .* availability zones: us-east-1b, us-east-1c/,
    );
    const careful = await east.network({ cidr: "10.20.0.0/16", zones: names.slice(1, 3) });
    await east.make("cluster", { ...inputs, vpcConfig: { subnetIds: careful.subnets } });
  });

  it("in subnets without six free addresses", async () => {
    const small: string[] = [];
    for (const [index, availabilityZone] of ["us-west-2a", "us-west-2b"].entries()) {
      const cidrBlock = `10.10.200.${index * 16}/28`;
      small.push(await lab.make("subnet", { vpcId: network.vpc, cidrBlock, availabilityZone }));
    }
    for (let index = 0; index < 5; index++) {
      const allocationId = await lab.make("eip", {});
      await lab.make("nat", { subnetId: small[0], allocationId });
    }
    await lab.make("nat", { subnetId: small[0], connectivityType: "private" });
    await refuses(() => withVpc({ subnetIds: small }), invalid, /must have at least 6 free IP addresses/);
  });

  it("whose role is missing, trusts somebody else, or lacks the policy", async () => {
    const unassumable = /could not be assumed because it does not exist or the trusted entity is not correct$/;
    await refuses(() => cluster({ roleArn: "arn:aws:iam::123456789012:role/gone" }), invalid, unassumable);
    const node = await lab.nodeRole();
    await refuses(() => cluster({ roleArn: node.arn }), invalid, unassumable);
    const bare = await lab.role("eks.amazonaws.com", []);
    await refuses(
      () => cluster({ roleArn: bare.arn }),
      invalid,
      "The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following policy is attached: arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    );
  });

  it("without any endpoint, with private sources for the public one, or a private one in a VPC without DNS names", async () => {
    await refuses(
      () => withVpc({ endpointPublicAccess: false, endpointPrivateAccess: false }),
      "InvalidRequestException",
      "Private and public endpoint access cannot be false",
    );
    await refuses(
      () => withVpc({ publicAccessCidrs: ["203.0.113.0/24", "10.0.0.0/8"] }),
      invalid,
      "The following CIDRs are not allowed in publicAccessCidrs: [10.0.0.0/8]",
    );
    await lab.update("vpc", network.vpc, { cidrBlock: "10.10.0.0/16", enableDnsHostnames: false });
    await refuses(
      () => withVpc({ endpointPrivateAccess: true }),
      "InvalidRequestException",
      /needs enableDnsHostnames and enableDnsSupport/,
    );
    await withVpc({ endpointPrivateAccess: false });
  });

  it("whose service range is not private, too small or overlaps the VPC", async () => {
    const service = (serviceIpv4Cidr: string) => cluster({ kubernetesNetworkConfig: { serviceIpv4Cidr } });
    await refuses(() => service("198.51.100.0/24"), invalid, /^Invalid Service IPv4 CIDR 198\.51\.100\.0\/24/);
    await refuses(() => service("172.20.0.0/28"), invalid, /of size \/24 to \/12/);
    await refuses(() => service("10.10.0.0/20"), invalid, /overlaps with the VPC CIDR 10\.10\.0\.0\/16/);
  });
});

describe("an EKS cluster", () => {
  it("has the outputs that programs read, an own group, two interfaces and names in the right views", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const { outputs } = await lab.create("cluster", await lab.clusterInputs(network));
    assert.equal(outputs["arn"], "arn:aws:eks:us-west-2:123456789012:cluster/east");
    assert.match(String(outputs["endpoint"]), /^https:\/\/[0-9A-F]{32}\.gr7\.us-west-2\.eks\.amazonaws\.com$/);
    const { data } = outputs["certificateAuthority"] as { data: string };
    assert.match(Buffer.from(data, "base64").toString(), /BEGIN CERTIFICATE/);
    const vpcConfig = outputs["vpcConfig"] as Record<string, unknown>;
    assert.equal(vpcConfig["vpcId"], network.vpc);
    assert.deepEqual(vpcConfig["publicAccessCidrs"], ["0.0.0.0/0"]);
    assert.deepEqual(outputs["kubernetesNetworkConfig"], {
      ...{ ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16", serviceIpv6Cidr: "" },
    });
    assert.equal(outputs["status"], "ACTIVE");

    const { clusters, networkInterfaces, dns } = lab.ledger.snapshot();
    const [record] = clusters;
    assert.deepEqual(
      networkInterfaces.map(({ privateIp, kind }) => `${kind} ${privateIp}`),
      ["control-plane 10.10.0.4", "control-plane 10.10.16.4"],
    );
    const addresses = (vpcId: string | undefined) =>
      dns.find((name) => name.vpcId === vpcId && name.name.includes(".gr7."))?.addresses;
    assert.deepEqual(addresses(network.vpc), ["10.10.0.4", "10.10.16.4"]);
    assert.deepEqual(addresses(undefined), [record?.publicIp]);
    assert.notEqual(record?.publicIp, record?.egressIp);
    assert.equal(record?.clusterSecurityGroupId, vpcConfig["clusterSecurityGroupId"]);
  });

  it("without public access is known to the public by its private addresses only", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const vpcConfig = { subnetIds: network.subnets, endpointPublicAccess: false, endpointPrivateAccess: true };
    await lab.make("cluster", await lab.clusterInputs(network, { vpcConfig }));
    const record = lab.ledger.snapshot().dns.find(({ vpcId }) => vpcId === undefined);
    assert.deepEqual(record?.addresses, ["10.10.0.4", "10.10.16.4"]);
  });

  it("is gone without a trace when its control plane does not start", async () => {
    class Failing extends NullRuntime {
      override createCluster() {
        return Promise.reject(new Error("no memory"));
      }
    }
    const lab = await Lab.open({ runtime: () => new Failing() });
    const network = await lab.network();
    const inputs = await lab.clusterInputs(network);
    const before = lab.ledger.resources().length;
    await assert.rejects(lab.make("cluster", inputs), /no memory/);
    assert.equal(lab.ledger.resources().length, before);
  });

  it("goes up one version at a time, and never down", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const inputs = await lab.clusterInputs(network, { version: "1.34" });
    const id = await lab.make("cluster", inputs);
    const to = (version: string) => lab.update("cluster", id, { ...inputs, version });
    await refuses(
      () => to("1.36"),
      "InvalidParameterException",
      "Unsupported Kubernetes minor version update from 1.34 to 1.36",
    );
    assert.equal((await to("1.35")).outputs["version"], "1.35");
    await refuses(() => to("1.34"), "InvalidParameterException", /from 1\.35 to 1\.34/);
  });

  it("changes its endpoint in place, keeps its VPC, and opens its authentication mode only", async () => {
    const runtime = new NullRuntime();
    const lab = await Lab.open({ runtime: () => runtime });
    const network = await lab.network();
    const inputs = await lab.clusterInputs(network);
    const id = await lab.make("cluster", inputs);
    const vpcConfig = { subnetIds: network.subnets, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };
    const { outputs } = await lab.update("cluster", id, { ...inputs, vpcConfig });
    assert.deepEqual((outputs["vpcConfig"] as Props)["publicAccessCidrs"], ["203.0.113.0/24"]);
    assert.equal((outputs["vpcConfig"] as Props)["vpcId"], network.vpc);
    assert.ok(runtime.calls.includes("updateCluster east"));
    const other = await lab.network({ cidr: "10.20.0.0/16" });
    await refuses(
      () => lab.update("cluster", id, { ...inputs, vpcConfig: { subnetIds: other.subnets } }),
      "InvalidParameterException",
      /must be in the same VPC/,
    );
    const accessConfig = { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true };
    await refuses(
      () => lab.update("cluster", id, { ...inputs, accessConfig }),
      "InvalidParameterException",
      "Unsupported authentication mode update from API to CONFIG_MAP",
    );
  });

  it("cannot be deleted with node groups or under protection, and takes everything of its own along", async () => {
    const lab = await Lab.open();
    const running = await lab.running();
    await refuses(
      () => lab.delete("cluster", running.cluster),
      "ResourceInUseException",
      "Cluster has nodegroups attached",
    );
    await lab.delete("nodeGroup", running.nodeGroup);
    await refuses(
      () => lab.delete("subnet", running.subnets[0] ?? ""),
      "DependencyViolation",
      /has dependencies and cannot be deleted/,
    );
    await lab.delete("cluster", running.cluster);
    const left = lab.ledger.resources().filter(({ type, madeBy }) => type.startsWith("aws:eks/") || madeBy === "eks");
    assert.deepEqual(left, []);
    await lab.delete("subnet", running.subnets[0] ?? "");

    const inputs = await lab.clusterInputs(running, { deletionProtection: true, vpcConfig: undefined });
    const second = await lab.network({ cidr: "10.20.0.0/16" });
    const id = await lab.make("cluster", { ...inputs, vpcConfig: { subnetIds: second.subnets } });
    await refuses(
      () => lab.delete("cluster", id),
      "InvalidRequestException",
      "Cannot delete cluster with deletion protection enabled",
    );
  });

  it("leaves its group and interfaces behind when its role lost the policy first, which blocks the VPC", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const inputs = await lab.clusterInputs(network);
    const id = await lab.make("cluster", inputs);
    const attachment = lab.ledger.resources().find(({ type }) => type.includes("rolePolicyAttachment"));
    await lab.delete("attach", attachment?.id ?? "");
    await lab.delete("cluster", id);
    await refuses(() => lab.delete("subnet", network.subnets[0] ?? ""), "DependencyViolation", /dependencies/);
  });

  it("leaves its group behind when another group names it", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const { id, outputs } = await lab.create("cluster", await lab.clusterInputs(network));
    const referencedSecurityGroupId = (outputs["vpcConfig"] as Props)["clusterSecurityGroupId"];
    const securityGroupId = await lab.make("group", { vpcId: network.vpc });
    await lab.make("ingress", { securityGroupId, ipProtocol: "-1", referencedSecurityGroupId });
    await lab.delete("cluster", id);
    const names = lab.ledger.snapshot().securityGroups.map(({ name }) => name);
    assert.equal(names.filter((name) => name.startsWith("eks-cluster-sg-east-")).length, 1);
  });
});
