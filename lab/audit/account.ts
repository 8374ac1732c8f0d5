/**
 * What an AWS account has. **Never run on AWS**: tests compare the requests with the services' references.
 *
 * Everything of a region is listed and judged here, because what AWS makes by itself may lack every tag by which it
 * could be asked for. Whoever runs it needs ec2:Describe*, elasticloadbalancing:Describe*, eks:List*, eks:Describe*,
 * logs:DescribeLogGroups, tag:GetResources, iam:List*.
 */
import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { awsCause } from "../aws/explain.ts";
import { UsageError } from "../plan/usage-error.ts";
import { addresses, instances, interfaces, networks, templates, volumes } from "./services/ec2.ts";
import { eksResources } from "./services/eks.ts";
import { iamResources } from "./services/iam.ts";
import { balancers } from "./services/load-balancers.ts";
import { logGroups } from "./services/logs.ts";
import { taggedOthers } from "./services/tagged.ts";
import type { Inventory, Resource, Unasked } from "./resource.ts";

export interface RegionClients {
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly eks: EKSClient;
  readonly logs: CloudWatchLogsClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

export interface AccountOptions {
  /** Default: all that the account may use. */
  readonly regions: readonly string[] | undefined;
  /** The lab's names of its clusters, with which its roles' names begin; empty where they are not known. */
  readonly clusters: readonly string[];
  readonly clients?: (region: string) => RegionClients;
  readonly iam?: IAMClient;
}

/** With the region's endpoints, and the credentials that the environment offers. */
const clientsOf = (region: string): RegionClients => ({
  ec2: new EC2Client({ region }),
  elb: new ElasticLoadBalancingV2Client({ region }),
  eks: new EKSClient({ region }),
  logs: new CloudWatchLogsClient({ region }),
  tagging: new ResourceGroupsTaggingAPIClient({ region }),
});

/** IAM, and tags of what has no region, are asked here. */
const home = "us-east-1";

/** @throws UsageError where nobody can be asked at all, such as without credentials */
export async function accountInventory({
  regions,
  clusters,
  clients = clientsOf,
  iam = new IAMClient({ region: home }),
}: AccountOptions): Promise<Inventory> {
  const asked = regions ?? (await enabledRegions(clients(home)));
  const questions = [
    ...asked.flatMap((region) => regionQuestions(region, clients(region))),
    iamQuestion(iam, clusters),
  ];
  if (!asked.includes(home))
    questions.push({ what: "tags of global resources", ask: () => taggedOthers(clients(home).tagging, "") });
  const answers = await Promise.all(questions.map(answered));
  const unasked = answers.flatMap(({ failed }) => failed ?? []);
  if (unasked.length === questions.length)
    throw new UsageError(`AWS could not be asked what is left. ${unasked[0]?.why ?? ""}`);
  return { resources: answers.flatMap(({ found = [] }) => found), unasked };
}

interface Question {
  readonly what: string;
  readonly ask: () => Promise<Resource[]>;
}

function regionQuestions(region: string, { ec2, elb, eks, logs, tagging }: RegionClients): Question[] {
  const asks: readonly [string, () => Promise<Resource[]>][] = [
    ["networks", () => networks(ec2, region)],
    ["network interfaces", () => interfaces(ec2, region)],
    ["instances", () => instances(ec2, region)],
    ["volumes", () => volumes(ec2, region)],
    ["addresses", () => addresses(ec2, region)],
    ["launch templates", () => templates(ec2, region)],
    ["load balancers", () => balancers(elb, region)],
    ["EKS", () => eksResources(eks, region)],
    ["log groups", () => logGroups(logs, region)],
    ["tags", () => taggedOthers(tagging, region)],
  ];
  return asks.map(([what, ask]) => ({ what: `${what} of ${region}`, ask }));
}

const iamQuestion = (iam: IAMClient, clusters: readonly string[]): Question => ({
  what: "IAM",
  ask: () => iamResources(iam, clusters),
});

async function answered({ what, ask }: Question): Promise<{ found?: Resource[]; failed?: Unasked }> {
  try {
    return { found: await ask() };
  } catch (error) {
    return { failed: { what, why: awsCause(error) } };
  }
}

async function enabledRegions({ ec2 }: RegionClients): Promise<string[]> {
  try {
    const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({}));
    return Regions.flatMap(({ RegionName }) => RegionName ?? []);
  } catch (error) {
    throw new UsageError(`AWS could not be asked which regions there are. ${awsCause(error)}`);
  }
}
