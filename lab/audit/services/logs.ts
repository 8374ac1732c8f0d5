/** Log groups of EKS's control planes, which CloudWatch keeps after their cluster is gone. */
import { type CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import type { Resource } from "../resource.ts";
import { all } from "./tags.ts";

/** `/aws/eks/<cluster>/cluster` (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html) */
const prefix = "/aws/eks/";

export async function logGroups(client: CloudWatchLogsClient, region: string): Promise<Resource[]> {
  const pages = paginateDescribeLogGroups({ client }, { logGroupNamePrefix: prefix });
  const groups = await all(pages, (page) => page.logGroups);
  return groups.map(({ logGroupName: id = "" }) => ({
    ...{ kind: "log group", id, region, tags: {} },
    cluster: id.slice(prefix.length).split("/")[0] ?? "",
  }));
}
