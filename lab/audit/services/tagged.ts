/** Whatever carries the lab's tag and is of no service that is asked by itself. */
import { paginateGetResources, type ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { labIdTag } from "../../../topology/names.ts";
import type { Resource } from "../resource.ts";
import { all, tagsOf } from "./tags.ts";

/**
 * Services that are asked by themselves. What they have is not taken from here, because tags are remembered for a while
 * after their resource is gone; add-ons and access entries go with their cluster.
 */
const askedElsewhere = new Set(["ec2", "elasticloadbalancing", "eks", "iam"]);

export async function taggedOthers(client: ResourceGroupsTaggingAPIClient, region: string): Promise<Resource[]> {
  const pages = paginateGetResources({ client }, { TagFilters: [{ Key: labIdTag }] });
  const found = await all(pages, (page) => page.ResourceTagMappingList);
  return found
    .filter(({ ResourceARN = "" }) => !askedElsewhere.has(ResourceARN.split(":")[2] ?? ""))
    .map(({ ResourceARN: arn = "", Tags }) => ({ ...known(arn, region), tags: tagsOf(Tags) }));
}

/** Of these the lab makes health checks of Route 53 alone, which have no region. */
function known(arn: string, region: string): Pick<Resource, "kind" | "id" | "region"> {
  const healthCheck = /^arn:[^:]*:route53:::healthcheck\/(.+)$/.exec(arn)?.[1];
  return healthCheck === undefined
    ? { kind: "other", id: arn, region }
    : { kind: "health check", id: healthCheck, region: "" };
}
