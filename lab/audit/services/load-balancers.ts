/** Load balancers and target groups of a region. */
import {
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Resource } from "../resource.ts";
import { all, inVpc, tagsOf } from "./tags.ts";

/** As many as AWS tells the tags of at once. */
const atOnce = 20;

export async function balancers(client: ElasticLoadBalancingV2Client, region: string): Promise<Resource[]> {
  const [made, groups] = await Promise.all([
    all(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers),
    all(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups),
  ]);
  const found = [
    ...made.map((it) => ({
      kind: "load balancer" as const,
      id: it.LoadBalancerArn ?? "",
      name: it.LoadBalancerName,
      ...inVpc(it.VpcId),
    })),
    ...groups.map((it) => ({
      kind: "target group" as const,
      id: it.TargetGroupArn ?? "",
      name: it.TargetGroupName,
      ...inVpc(it.VpcId),
    })),
  ];
  const tags = await tagsByArn(
    client,
    found.map(({ id }) => id),
  );
  return found.map(({ name, ...it }) => ({
    ...it,
    region,
    ...(name === undefined ? {} : { name }),
    tags: tags.get(it.id) ?? {},
  }));
}

async function tagsByArn(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const tags = new Map<string, Record<string, string>>();
  for (let at = 0; at < arns.length; at += atOnce) {
    const answer = await client.send(new DescribeTagsCommand({ ResourceArns: arns.slice(at, at + atOnce) }));
    for (const { ResourceArn = "", Tags } of answer.TagDescriptions ?? []) tags.set(ResourceArn, tagsOf(Tags));
  }
  return tags;
}
