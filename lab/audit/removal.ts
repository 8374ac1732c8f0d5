/** The command that removes a resource, as somebody would type it: https://docs.aws.amazon.com/cli/latest/reference/ */
import { quoted } from "../plan/quoted.ts";
import type { Kind, Resource } from "./resource.ts";

export function removalOf(resource: Resource): string {
  return commands[resource.kind](resource);
}

const aws = (service: string, verb: string, { region }: Resource, ...options: readonly [string, string][]): string =>
  [
    "aws",
    service,
    verb,
    ...(region === "" ? [] : ["--region", region]),
    ...options.flatMap(([name, value]) => [`--${name}`, quoted(value)]),
  ].join(" ");

const ec2 = (verb: string, option: string) => (resource: Resource) => aws("ec2", verb, resource, [option, resource.id]);

const commands: Readonly<Record<Kind, (resource: Resource) => string>> = {
  "EKS node group": (it) =>
    aws("eks", "delete-nodegroup", it, ["cluster-name", it.cluster ?? ""], ["nodegroup-name", it.name ?? it.id]),
  "EKS cluster": (it) => aws("eks", "delete-cluster", it, ["name", it.id]),
  "load balancer": (it) => aws("elbv2", "delete-load-balancer", it, ["load-balancer-arn", it.id]),
  "target group": (it) => aws("elbv2", "delete-target-group", it, ["target-group-arn", it.id]),
  instance: ec2("terminate-instances", "instance-ids"),
  "NAT gateway": ec2("delete-nat-gateway", "nat-gateway-id"),
  "network interface": ec2("delete-network-interface", "network-interface-id"),
  "Elastic IP": ec2("release-address", "allocation-id"),
  volume: ec2("delete-volume", "volume-id"),
  "launch template": ec2("delete-launch-template", "launch-template-id"),
  "VPC peering": ec2("delete-vpc-peering-connection", "vpc-peering-connection-id"),
  "security group": ec2("delete-security-group", "group-id"),
  "internet gateway": (it) => {
    const remove = ec2("delete-internet-gateway", "internet-gateway-id")(it);
    if (it.vpcId === undefined) return remove;
    return `${aws("ec2", "detach-internet-gateway", it, ["internet-gateway-id", it.id], ["vpc-id", it.vpcId])} && ${remove}`;
  },
  subnet: ec2("delete-subnet", "subnet-id"),
  "route table": ec2("delete-route-table", "route-table-id"),
  "network ACL": ec2("delete-network-acl", "network-acl-id"),
  VPC: ec2("delete-vpc", "vpc-id"),
  "log group": (it) => aws("logs", "delete-log-group", it, ["log-group-name", it.id]),
  "IAM role": (it) => {
    const list = aws(
      "iam",
      "list-attached-role-policies",
      it,
      ["role-name", it.id],
      ["query", "AttachedPolicies[].PolicyArn"],
    );
    const detach = `aws iam detach-role-policy --role-name ${quoted(it.id)} --policy-arn $p`;
    return `for p in $(${list} --output text); do ${detach}; done; ${aws("iam", "delete-role", it, ["role-name", it.id])}`;
  },
  "IAM policy": (it) => aws("iam", "delete-policy", it, ["policy-arn", it.id]),
  "health check": (it) => aws("route53", "delete-health-check", it, ["health-check-id", it.id]),
  other: (it) => `# AWS's console removes it: ${it.id}`,
};
