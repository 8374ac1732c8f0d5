import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { after, before, describe, it } from "mocha";
import { callCloud, cloudSocket } from "../../plugins/aws/transport.ts";
import { cloudAnswers } from "../../commands/cloud.ts";
import { Project, engineBuilt } from "./harness.ts";

const daemonFile = join(import.meta.dirname, "..", "..", "cloud", "daemon.ts");

/** A cluster with a node group in a region, as the lab makes them; nobody waits for an API server that is not there. */
const lab = (region: string, name: string, block: string) => `
  {
    const provider = new aws.Provider("${region}", { region: "${region}", defaultTags: { tags: { lab: "test" } } });
    const options = { provider };
    const zones = aws.getAvailabilityZonesOutput({ excludeZoneIds: ["use1-az3"] }, options);
    const vpc = new aws.ec2.Vpc("${name}", { cidrBlock: "${block}.0.0/16", enableDnsHostnames: true }, options);
    const igw = new aws.ec2.InternetGateway("${name}", { vpcId: vpc.id }, options);
    const table = new aws.ec2.RouteTable("${name}", { vpcId: vpc.id }, options);
    const route = new aws.ec2.Route("${name}", { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: igw.id }, options);
    const subnets = [0, 1].map((i) => new aws.ec2.Subnet("${name}-" + i, { vpcId: vpc.id, mapPublicIpOnLaunch: true,
      cidrBlock: "${block}." + i * 16 + ".0/20", availabilityZone: zones.names[i] }, options));
    const routed = subnets.map((subnet, i) => new aws.ec2.RouteTableAssociation("${name}-" + i, { routeTableId: table.id, subnetId: subnet.id }, options));
    const cluster = new eks.Cluster("${name}", {
      version: "1.36", vpcId: vpc.id, publicSubnetIds: subnets.map(({ id }) => id),
      authenticationMode: eks.AuthenticationMode.Api, endpointPrivateAccess: true,
      skipDefaultNodeGroup: true, skipDefaultSecurityGroups: true,
      accessEntries: { admin: { principalArn: "arn:aws:iam::123456789012:user/admin", accessPolicies: { all: {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", accessScope: { type: "cluster" } } } } },
    }, { ...options, dependsOn: [route, ...routed] });
    const role = new aws.iam.Role("${name}-node", { assumeRolePolicy: { Version: "2012-10-17", Statement: [{
      Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } }] } }, options);
    const attached = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"].map((policy) =>
      new aws.iam.RolePolicyAttachment("${name}-" + policy, { role: role.name, policyArn: "arn:aws:iam::aws:policy/" + policy }, options));
    const nodes = new eks.ManagedNodeGroup("${name}-ng", { cluster, nodeRole: role, subnetIds: subnets.map(({ id }) => id),
      instanceTypes: ["t3.large"], operatingSystem: eks.OperatingSystem.AL2023, enableIMDSv2: true, diskSize: 30 },
      { providers: { aws: provider }, dependsOn: attached });
    seen["${name}"] = { name: cluster.eksCluster.name, version: cluster.eksCluster.version, arn: cluster.eksCluster.arn,
      kubeconfig: cluster.kubeconfigJson, sg: cluster.clusterSecurityGroupId, nodeSg: cluster.nodeSecurityGroupId,
      subnetIds: cluster.core.subnetIds, ids: subnets.map(({ id }) => id), issuer: cluster.oidcIssuer, ami: nodes.nodeGroup.amiType,
      group: nodes.nodeGroup.nodeGroupName, tags: vpc.tagsAll, template: nodes.nodeGroup.launchTemplate.apply((used) => used?.version) };
  }`;

const program = (...labs: string[]) => `
  import * as aws from "@pulumi/aws";
  import * as eks from "@pulumi/eks";
  const seen: Record<string, object> = {};
  ${labs.join("\n")}
  export const lab = seen;
`;

/** The children of eks.Cluster "east" and eks.ManagedNodeGroup "east-ng", as the real components name them. */
const children = [
  "eks:index:Cluster$eks:index:ServiceRole::east-eksRole",
  "eks:index:Cluster$eks:index:ServiceRole$aws:iam/role:Role::east-eksRole-role",
  "eks:index:Cluster$eks:index:ServiceRole$aws:iam/rolePolicyAttachment:RolePolicyAttachment::east-eksRole-4b490823",
  "eks:index:Cluster$aws:eks/cluster:Cluster::east-eksCluster",
  "eks:index:Cluster$aws:eks/addon:Addon::east-kube-proxy",
  "eks:index:Cluster$eks:index:VpcCniAddon::east-vpc-cni",
  "eks:index:Cluster$eks:index:VpcCniAddon$aws:eks/addon:Addon::east-vpc-cni",
  "eks:index:Cluster$pulumi:providers:kubernetes::east-eks-k8s",
  "eks:index:Cluster$aws:eks/accessEntry:AccessEntry::east-admin",
  "eks:index:Cluster$aws:eks/accessEntry:AccessEntry$aws:eks/accessPolicyAssociation:AccessPolicyAssociation::east-admin-all",
  "eks:index:ManagedNodeGroup$aws:ec2/launchTemplate:LaunchTemplate::east-ng-launchTemplate",
  "eks:index:ManagedNodeGroup$aws:eks/nodeGroup:NodeGroup::east-ng",
];

describe("aws and eks on the real engine, over a ledger without machines", function () {
  this.timeout(600_000);
  let project: Project;
  let daemon: ChildProcess;

  before(async function () {
    if (!engineBuilt) this.skip();
    project = new Project();
    const env = { ...process.env, ISTIO_LAB_RUN: project.at.runDir };
    daemon = spawn(process.execPath, [daemonFile, "--runtime", "null"], { env, stdio: "ignore" });
    while (!(await cloudAnswers(project.at.runDir))) await new Promise((wake) => setTimeout(wake, 100));
    await project.pulumi(["stack", "init", "dev"]);
    await project.pulumi(["config", "set", "--path", "pulumi:disable-default-providers[0]", "aws"]);
  });
  after(async () => {
    if (!engineBuilt) return;
    daemon.kill();
    if (daemon.exitCode === null) await once(daemon, "exit");
    project.remove();
  });

  const cloud = (path: string) => callCloud(path, undefined, cloudSocket(project.at.runDir));
  const up = () => project.pulumi(["up", "--yes", "--skip-preview"]);

  it("knows at preview what the real component knows, and nothing more", async () => {
    project.write(program(lab("us-east-1", "east", "10.10"), lab("us-west-2", "west", "10.20")));
    const { code, output } = await project.pulumi(["preview"]);
    assert.equal(code, 0, output);
    const outputs = output.slice(output.indexOf("Outputs:"));
    const shown = (name: string) => new RegExp(`^ +${name} *: (.*)$`, "m").exec(outputs)?.[1];
    assert.match(shown("name") ?? "", /^"east-eksCluster-[0-9a-f]{7}"$/);
    assert.equal(shown("version"), '"1.36"');
    assert.equal(shown("ami"), '"AL2023_x86_64_STANDARD"');
    for (const name of ["arn", "kubeconfig", "sg", "nodeSg", "subnetIds", "issuer"])
      assert.equal(shown(name), "[unknown]");
    assert.deepEqual(await cloud("/resources"), []);
  });

  it("makes two clusters in two regions, with the real components' children and outputs", async () => {
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const { output: urns } = await project.pulumi(["stack", "--show-urns"]);
    for (const child of children) assert.ok(urns.includes(`::${child}\n`), `${child} is missing in\n${urns}`);
    const { lab: seen } = (await project.outputs()) as { lab: Record<string, Record<string, unknown>> };
    for (const [name, region] of [
      ["east", "us-east-1"],
      ["west", "us-west-2"],
    ] as const) {
      const { arn, kubeconfig, sg, nodeSg, subnetIds, ids, issuer, tags, template } = seen[name] ?? {};
      assert.match(String(arn), new RegExp(`^arn:aws:eks:${region}:\\d+:cluster/${name}-eksCluster-`));
      assert.match(String(kubeconfig), new RegExp(`"--region","${region}","eks","get-token"`));
      assert.match(String(sg), /^sg-/);
      assert.equal(nodeSg, sg);
      assert.deepEqual(subnetIds, ids);
      assert.match(String(issuer), new RegExp(`^oidc\\.eks\\.${region}\\.amazonaws\\.com/id/`));
      assert.deepEqual([tags, template], [{ lab: "test" }, "1"]);
    }
  });

  it("changes nothing the second time, nor does a refresh", async () => {
    const second = await project.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    assert.equal(second.code, 0, second.output);
    const refresh = await project.pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    assert.equal(refresh.code, 0, refresh.output);
  });

  it("notices at refresh what somebody removed behind its back, and the next update mends it", async () => {
    const routes = ((await cloud("/resources")) as { type: string; id: string }[]).filter(
      ({ type }) => type === "aws:ec2/route:Route",
    );
    await callCloud("/tamper", { type: "aws:ec2/route:Route", id: routes[0]?.id }, cloudSocket(project.at.runDir));
    const refresh = await project.pulumi(["refresh", "--yes", "--skip-preview"]);
    assert.match(refresh.output, /aws:ec2:Route \w+ deleted/);
    const mended = await up();
    assert.match(mended.output, /aws:ec2:Route \w+ created/);
    assert.equal(mended.code, 0, mended.output);
  });

  it("leaves an empty ledger behind", async () => {
    const { code, output } = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
    assert.equal(code, 0, output);
    assert.deepEqual(await cloud("/resources"), []);
  });

  it("shows what the cloud refuses in AWS's words, and what the component refuses in its own", async () => {
    project.write(`
      import * as aws from "@pulumi/aws";
      const provider = new aws.Provider("here", { region: "us-east-1" });
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider });
      new aws.ec2.Subnet("outside", { vpcId: vpc.id, cidrBlock: "10.1.0.0/20" }, { provider });
    `);
    const refused = await up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /api error InvalidSubnet\.Range: The CIDR '10\.1\.0\.0\/20' is invalid\./);
    project.write(`
      import * as aws from "@pulumi/aws";
      import * as eks from "@pulumi/eks";
      const provider = new aws.Provider("here", { region: "us-east-1" });
      new eks.Cluster("c", { vpcId: "vpc-1", publicSubnetIds: ["s"], publicAccessCidrs: ["10.0.0.0/8"], endpointPublicAccess: false,
        authenticationMode: "API", skipDefaultNodeGroup: true, skipDefaultSecurityGroups: true }, { provider });
    `);
    const { code, output } = await project.pulumi(["preview"]);
    assert.notEqual(code, 0);
    assert.match(output, /\`publicAccessCidrs\` can only be set when \`endpointPublicAccess\` is true/);
  });

  it("does not let a node group without a provider slip to a default one", async () => {
    project.write(`
      import * as aws from "@pulumi/aws";
      import * as eks from "@pulumi/eks";
      const provider = new aws.Provider("here", { region: "us-east-1" });
      const cluster = new eks.Cluster("c", { vpcId: "vpc-1", publicSubnetIds: ["s"], authenticationMode: "API",
        skipDefaultNodeGroup: true, skipDefaultSecurityGroups: true }, { provider });
      new eks.ManagedNodeGroup("n", { cluster, nodeRoleArn: "arn:aws:iam::123456789012:role/r" });
    `);
    const { code, output } = await project.pulumi(["preview"]);
    assert.notEqual(code, 0);
    assert.match(output, /Default provider for 'aws' disabled/);
  });

  it("refuses a provider without a region", async () => {
    project.write(`import * as aws from "@pulumi/aws";\nnew aws.Provider("nowhere", {});\n`);
    const { code, output } = await project.pulumi(["preview"]);
    assert.notEqual(code, 0);
    assert.match(output, /missing a required configuration key: give the aws.Provider a region/);
  });
});
