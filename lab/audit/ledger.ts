/** What the local cloud's ledger has, in the words of an audit. */
import * as z from "zod";
import { callLocalCloud } from "../stack/local-cloud.ts";
import type { Inventory, Kind, Resource } from "./resource.ts";

const ledgerShape = z.array(
  z.object({
    type: z.string(),
    id: z.string(),
    region: z.string(),
    madeBy: z.string().optional(),
    state: z.record(z.string(), z.unknown()),
  }),
);
type Entry = z.infer<typeof ledgerShape>[number];

/** What is not here is part of something that is, such as a route, or goes with it. */
const kindOf: Readonly<Record<string, Kind>> = {
  "aws:eks/nodeGroup:NodeGroup": "EKS node group",
  "aws:eks/cluster:Cluster": "EKS cluster",
  "aws:lb/loadBalancer:LoadBalancer": "load balancer",
  "aws:lb/targetGroup:TargetGroup": "target group",
  "aws:ec2/natGateway:NatGateway": "NAT gateway",
  "aws:ec2/networkInterface:NetworkInterface": "network interface",
  "aws:ec2/eip:Eip": "Elastic IP",
  "aws:ec2/launchTemplate:LaunchTemplate": "launch template",
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "VPC peering",
  "aws:ec2/securityGroup:SecurityGroup": "security group",
  "aws:ec2/internetGateway:InternetGateway": "internet gateway",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/routeTable:RouteTable": "route table",
  // What stands for the copies that an experiment makes.
  "fault:ec2/networkAclDenial:NetworkAclDenial": "network ACL",
  "aws:ec2/vpc:Vpc": "VPC",
  "aws:iam/role:Role": "IAM role",
  "aws:iam/policy:Policy": "IAM policy",
  "aws:route53/healthCheck:HealthCheck": "health check",
};

/** @param socket where the daemon listens */
export async function ledgerInventory(socket: string): Promise<Inventory> {
  return { resources: ledgerResources(await callLocalCloud(socket, "GET", "/resources")), unasked: [] };
}

/** @param answer of `GET /resources` */
export function ledgerResources(answer: unknown): Resource[] {
  const entries = ledgerShape.parse(answer);
  const vpcOfSubnet = new Map(
    entries.flatMap(({ id, state }) => (typeof state["vpcId"] === "string" ? [[id, state["vpcId"]]] : [])),
  );
  return entries.flatMap((entry) => {
    const kind = kindOf[entry.type];
    // Default group and main table go with their VPC, as in AWS.
    if (kind === undefined || entry.madeBy === "vpc") return [];
    return [
      {
        kind,
        id: entry.id,
        region: entry.region === "aws-global" ? "" : entry.region,
        ...detailsOf(entry, vpcOfSubnet),
      },
    ];
  });
}

const detail = z.object({
  vpcId: z.string().optional(),
  subnetId: z.string().optional(),
  vpcConfig: z.object({ vpcId: z.string() }).optional(),
  clusterName: z.string().optional(),
  nodeGroupName: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  tagsAll: z.record(z.string(), z.string()).optional(),
});

function detailsOf(
  { type, id, state }: Entry,
  vpcOfSubnet: ReadonlyMap<string, string>,
): Omit<Resource, "kind" | "id" | "region"> {
  const { vpcId, subnetId, vpcConfig, clusterName, nodeGroupName, tags, tagsAll } = detail.parse(state);
  const vpc = vpcId ?? vpcConfig?.vpcId ?? (subnetId === undefined ? undefined : vpcOfSubnet.get(subnetId));
  const cluster = clusterName ?? (type === "aws:eks/cluster:Cluster" ? id : undefined);
  return {
    tags: tagsAll ?? tags ?? {},
    ...(vpc === undefined ? {} : { vpcId: vpc }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(nodeGroupName === undefined ? {} : { name: nodeGroupName }),
  };
}
