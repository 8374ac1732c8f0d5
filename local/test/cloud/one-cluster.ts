/**
 * A world with one cluster, made through the ledger as the aws stand-in makes it. Runs on the internet (il-internet) as
 * a child of cluster.test.ts: reports `{ready}` with what the test needs, then carries out what it is asked to. Started
 * again on the same folder it takes over the cluster that runs.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ledger } from "../../aws/ledger.ts";
import type { Runtime } from "../../aws/runtime.ts";
import { createRuntime } from "../../cloud/runtime.ts";

const region = "us-west-2";
const runDir = process.argv[2] ?? "";
let runtime: Runtime | undefined;
const ledger = await Ledger.open({
  file: `${runDir}/ledger.json`,
  runtime: async (opened) => {
    runtime = await createRuntime({
      runDir,
      loadBalancers: opened.loadBalancers,
      endpointHealth: opened.endpointHealth,
      snapshot: () => opened.snapshot(),
      log: (line) => {
        console.log(line);
      },
    });
    return runtime;
  },
});

async function make(token: string, name: string, news: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { inputs, failures } = ledger.check(token, { name, news }, { region });
  if (failures.length > 0) throw new Error(`${name}: ${JSON.stringify(failures)}`);
  const held = await ledger.create(token, inputs, { region });
  made.push({ token, id: held.id });
  writeFileSync(madeFile, JSON.stringify(made));
  return { ...held.outputs, id: held.id };
}
/** What a daemon that takes over has to delete too. */
const madeFile = join(runDir, "made.json");
const made = (existsSync(madeFile) ? JSON.parse(readFileSync(madeFile, "utf8")) : []) as {
  token: string;
  id: string;
}[];
const laps: Record<string, number> = {};
const started = Date.now();
const lap = (name: string): void => {
  laps[name] = (Date.now() - started) / 1000;
};

function trust(service: string, actions: string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });
}

async function roleFor(name: string, service: string, actions: string[], policies: string[]): Promise<string> {
  const role = await make("aws:iam/role:Role", name, { assumeRolePolicy: trust(service, actions) });
  for (const [index, policyArn] of policies.entries()) {
    const attachment = { role: role["name"], policyArn };
    await make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `${name}-${index}`, attachment);
  }
  return String(role["arn"]);
}

async function network(): Promise<{ vpcId: string; subnetIds: string[] }> {
  const vpc = await make("aws:ec2/vpc:Vpc", "lab", { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true });
  const gateway = await make("aws:ec2/internetGateway:InternetGateway", "lab", { vpcId: vpc["id"] });
  const table = await make("aws:ec2/routeTable:RouteTable", "public", { vpcId: vpc["id"] });
  await make("aws:ec2/route:Route", "internet", {
    routeTableId: table["id"],
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway["id"],
  });
  const subnetIds: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const subnet = await make("aws:ec2/subnet:Subnet", zone, {
      vpcId: vpc["id"],
      cidrBlock: `10.20.${index}.0/24`,
      availabilityZone: `${region}${zone}`,
      mapPublicIpOnLaunch: true,
      tags: { "kubernetes.io/role/elb": "1" },
    });
    subnetIds.push(String(subnet["id"]));
    await make("aws:ec2/routeTableAssociation:RouteTableAssociation", zone, {
      subnetId: subnet["id"],
      routeTableId: table["id"],
    });
  }
  return { vpcId: String(vpc["id"]), subnetIds };
}

async function cluster(): Promise<Record<string, unknown>> {
  const aws = "arn:aws:iam::aws:policy";
  const clusterRole = await roleFor(
    "cluster",
    "eks.amazonaws.com",
    ["sts:AssumeRole"],
    [`${aws}/AmazonEKSClusterPolicy`],
  );
  const nodeRole = await roleFor(
    "node",
    "ec2.amazonaws.com",
    ["sts:AssumeRole"],
    ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"].map(
      (p) => `${aws}/${p}`,
    ),
  );
  const { vpcId, subnetIds } = await network();
  lap("network");
  const east = await make("aws:eks/cluster:Cluster", "east", {
    name: "east",
    roleArn: clusterRole,
    version: "1.36",
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    vpcConfig: { subnetIds, endpointPublicAccess: true, endpointPrivateAccess: true, publicAccessCidrs: ["0.0.0.0/0"] },
  });
  lap("cluster");
  await make("aws:eks/nodeGroup:NodeGroup", "nodes", {
    clusterName: "east",
    nodeRoleArn: nodeRole,
    subnetIds,
    instanceTypes: ["t3.large"],
    scalingConfig: { desiredSize: 2, minSize: 1, maxSize: 3 },
  });
  lap("nodes");
  await make("aws:eks/addon:Addon", "identity", { clusterName: "east", addonName: "eks-pod-identity-agent" });
  const role = await make("aws:iam/role:Role", "balancers", {
    assumeRolePolicy: trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
  });
  await make("aws:iam/rolePolicy:RolePolicy", "balancers", {
    role: role["name"],
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["ec2:*", "elasticloadbalancing:*"], Resource: "*" }],
    }),
  });
  await make("aws:eks/podIdentityAssociation:PodIdentityAssociation", "balancers", {
    clusterName: "east",
    namespace: "kube-system",
    serviceAccount: "aws-load-balancer-controller",
    roleArn: role["arn"],
  });
  return { vpcId, ...east };
}

/** What the test may ask for, by name; the answer goes back with the request's number. */
const requests: Record<string, (argument: string) => Promise<unknown>> = {
  token: async (principal) => {
    const record = ledger.snapshot().clusters[0];
    if (!record || !runtime) throw new Error("there is no cluster");
    return (await runtime.token(record, principal || record.creatorArn)).token;
  },
  snapshot: () => Promise.resolve(ledger.snapshot()),
  allow: async (cidr) => {
    const id = "east";
    const held = ledger.read("aws:eks/cluster:Cluster", id, { region });
    if (!held) throw new Error("there is no cluster");
    const vpcConfig = { ...(held.inputs["vpcConfig"] as object), publicAccessCidrs: [cidr] };
    await ledger.update("aws:eks/cluster:Cluster", id, { ...held.inputs, vpcConfig }, { region });
    return null;
  },
  destroy: async () => {
    for (const { token, id } of made.reverse()) await ledger.delete(token, id, { region });
    return ledger.snapshot();
  },
};

process.on("message", ({ number, name, argument }: { number: number; name: string; argument: string }) => {
  const request = requests[name];
  const answer = request === undefined ? Promise.reject(new Error(`no request ${name}`)) : request(argument);
  answer.then(
    (value) => process.send?.({ number, value }),
    (error: unknown) => process.send?.({ number, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
const taken = ledger.snapshot().clusters[0];
const outputs = taken ? { vpcId: taken.vpcId, endpoint: `https://${taken.endpointHost}` } : await cluster();
process.send?.({ ready: outputs, laps });
