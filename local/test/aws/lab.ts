import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadBalancerRequest } from "../../aws/controller.ts";
import { Ledger } from "../../aws/ledger.ts";
import type { Held, LedgerOptions } from "../../aws/ledger.ts";
import type { Props } from "../../aws/resource.ts";

export const REGION = "us-west-2";
/** Two zones of it. */
export const ZONES = ["us-west-2a", "us-west-2b"] as const;

const TYPES = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  igw: "aws:ec2/internetGateway:InternetGateway",
  attachment: "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  table: "aws:ec2/routeTable:RouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  mainAssociation: "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
  eip: "aws:ec2/eip:Eip",
  nat: "aws:ec2/natGateway:NatGateway",
  group: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  oldRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
  peering: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
  accepter: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  role: "aws:iam/role:Role",
  policy: "aws:iam/policy:Policy",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  attach: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  cluster: "aws:eks/cluster:Cluster",
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  addon: "aws:eks/addon:Addon",
  entry: "aws:eks/accessEntry:AccessEntry",
  entryPolicy: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  record: "aws:route53/record:Record",
  healthCheck: "aws:route53/healthCheck:HealthCheck",
  podIdentity: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
} as const;
export type TypeName = keyof typeof TYPES;

export function tokenOf(type: TypeName): string {
  return TYPES[type];
}

/** A program's view of a ledger: every resource is checked, then created, as the engine does it. */
export class Lab {
  readonly ledger: Ledger;
  readonly region: string;

  constructor(ledger: Ledger, region = REGION) {
    this.ledger = ledger;
    this.region = region;
  }

  static async open(options: LedgerOptions = {}): Promise<Lab> {
    const cacheDir = join(tmpdir(), "istio-lab-test-schemas");
    return new Lab(await Ledger.open({ cacheDir, patience: 0, ...options }));
  }

  in(region: string): Lab {
    return new Lab(this.ledger, region);
  }

  check(type: TypeName, news: Props, olds?: Props) {
    return this.ledger.check(TYPES[type], { name: type, news, ...(olds ? { olds } : {}) }, { region: this.region });
  }

  /** Checked inputs; fails on what check refuses. */
  checked(type: TypeName, news: Props, olds?: Props): Props {
    const { inputs, failures } = this.check(type, news, olds);
    assert.deepEqual(failures, []);
    return inputs;
  }

  create(type: TypeName, inputs: Props): Promise<Held> {
    return this.ledger.create(TYPES[type], this.checked(type, inputs), { region: this.region });
  }

  /** Create and take the id. */
  async make(type: TypeName, inputs: Props): Promise<string> {
    return (await this.create(type, inputs)).id;
  }

  update(type: TypeName, id: string, inputs: Props): Promise<Held> {
    return this.ledger.update(TYPES[type], id, this.checked(type, inputs), { region: this.region });
  }

  read(type: TypeName, id: string) {
    return this.ledger.read(TYPES[type], id, { region: this.region });
  }

  delete(type: TypeName, id: string): Promise<void> {
    return this.ledger.delete(TYPES[type], id, { region: this.region });
  }

  invoke(token: string, args: Props = {}): Props {
    return this.ledger.invoke(token, args, { region: this.region });
  }

  /** A VPC with two public subnets, routed to the internet. */
  async network(overrides: { cidr?: string; subnet?: Props; zones?: readonly string[] } = {}): Promise<Network> {
    const { cidr = "10.10.0.0/16", subnet = {}, zones = ZONES } = overrides;
    const vpc = await this.make("vpc", { cidrBlock: cidr, enableDnsHostnames: true });
    const igw = await this.make("igw", { vpcId: vpc });
    const table = await this.make("table", { vpcId: vpc });
    const route = await this.make("route", { routeTableId: table, destinationCidrBlock: "0.0.0.0/0", gatewayId: igw });
    const subnets: string[] = [];
    const associations: string[] = [];
    const base = cidr.split(".").slice(0, 2).join(".");
    for (const [index, availabilityZone] of zones.entries()) {
      const cidrBlock = `${base}.${index * 16}.0/20`;
      const tags = { "kubernetes.io/role/elb": "1", "kubernetes.io/role/internal-elb": "1" };
      const id = await this.make("subnet", {
        ...{ vpcId: vpc, cidrBlock, availabilityZone, mapPublicIpOnLaunch: true, tags },
        ...subnet,
      });
      subnets.push(id);
      associations.push(await this.make("association", { routeTableId: table, subnetId: id }));
    }
    return { vpc, igw, table, route, subnets, associations };
  }

  async role(
    service: string,
    policies: string[],
    actions = ["sts:AssumeRole"],
  ): Promise<{ name: string; arn: string }> {
    const statement = { Effect: "Allow", Principal: { Service: service }, Action: actions };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const { id, outputs } = await this.create("role", { assumeRolePolicy });
    for (const policy of policies) {
      const policyArn = policy.startsWith("arn:") ? policy : `arn:aws:iam::aws:policy/${policy}`;
      await this.make("attach", { role: id, policyArn });
    }
    return { name: id, arn: String(outputs["arn"]) };
  }

  clusterRole() {
    return this.role("eks.amazonaws.com", ["AmazonEKSClusterPolicy"]);
  }

  nodeRole() {
    return this.role("ec2.amazonaws.com", NODE_POLICIES);
  }

  /** Inputs of a cluster as the eks component sends them. */
  async clusterInputs(network: Network, overrides: Props = {}): Promise<Props> {
    return {
      name: "east",
      version: "1.36",
      roleArn: (await this.clusterRole()).arn,
      vpcConfig: { subnetIds: network.subnets, endpointPublicAccess: true, endpointPrivateAccess: true },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      ...overrides,
    };
  }

  async nodeGroupInputs(network: Network, overrides: Props = {}): Promise<Props> {
    return {
      clusterName: "east",
      nodeRoleArn: (await this.nodeRole()).arn,
      subnetIds: network.subnets,
      instanceTypes: ["t3.large"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 3 },
      ...overrides,
    };
  }

  /** Everything up to nodes and the load balancer controller's role. */
  async running(overrides: Props = {}): Promise<Running> {
    const network = await this.network();
    const cluster = await this.make("cluster", await this.clusterInputs(network, overrides));
    const nodeGroup = await this.make("nodeGroup", await this.nodeGroupInputs(network, { clusterName: cluster }));
    await this.make("addon", { clusterName: cluster, addonName: "eks-pod-identity-agent" });
    const policy = await this.make("policy", { policy: CONTROLLER_POLICY });
    const role = await this.role("pods.eks.amazonaws.com", [policy], ["sts:AssumeRole", "sts:TagSession"]);
    const podIdentity = await this.make("podIdentity", {
      clusterName: cluster,
      namespace: "kube-system",
      serviceAccount: "aws-load-balancer-controller",
      roleArn: role.arn,
    });
    return { ...network, cluster, nodeGroup, policy, role: role.name, podIdentity };
  }

  /** What the controller asks for on behalf of a gateway whose pods run on the given nodes. */
  balancerRequest(cluster: string, overrides: Partial<LoadBalancerRequest> = {}): LoadBalancerRequest {
    const nodes = this.ledger
      .snapshot()
      .clusters.flatMap(({ nodeGroups }) => nodeGroups.flatMap((group) => group.nodes));
    const healthCheck = { protocol: "HTTP" as const, port: 15021, path: "/healthz/ready", interval: 10, timeout: 6 };
    const settings = { preserveClientIp: false, deregistrationDelay: 15, idleTimeout: 350 };
    return {
      cluster,
      region: this.region,
      service: { namespace: "istio-ingress", name: "ingress", uid: "7d1c7e54" },
      scheme: "internet-facing",
      crossZone: false,
      sourceRanges: [],
      tags: {},
      listeners: [
        {
          ...{ protocol: "TCP", port: 80, ...settings },
          healthCheck: { ...healthCheck, healthyThreshold: 2, unhealthyThreshold: 2 },
          targets: nodes.map(({ podCidr }) => ({ ip: addressIn(podCidr), port: 8080 })),
        },
      ],
      ...overrides,
    };
  }
}

export interface Network {
  vpc: string;
  igw: string;
  table: string;
  route: string;
  subnets: string[];
  associations: string[];
}

export interface Running extends Network {
  cluster: string;
  nodeGroup: string;
  policy: string;
  role: string;
  podIdentity: string;
}

export const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
];

export const CONTROLLER_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["ec2:*", "elasticloadbalancing:*"], Resource: "*" }],
});

/** The third address of a block. */
export function addressIn(cidr: string): string {
  const [base = ""] = cidr.split("/");
  const octets = base.split(".").map(Number);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + 2].join(".");
}

/** Assert that AWS refuses with this code and these words. */
export async function refuses(work: () => unknown, code: string, words: RegExp | string): Promise<void> {
  await assert.rejects(
    () => Promise.resolve().then(work),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.stack ?? error.message);
      if (typeof words === "string") assert.equal(error.message, words);
      else assert.match(error.message, words);
      return true;
    },
  );
}
