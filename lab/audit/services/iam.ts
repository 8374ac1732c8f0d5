/** Roles and policies, which have no region. A list of them has no tags, so these are asked for one by one. */
import {
  type IAMClient,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  paginateListPolicies,
  paginateListRoles,
} from "@aws-sdk/client-iam";
import type { Resource } from "../resource.ts";
import { all, tagsOf } from "./tags.ts";

/** @param clusters with whose names those of the lab begin; empty for all that there are */
export async function iamResources(client: IAMClient, clusters: readonly string[]): Promise<Resource[]> {
  const mayBeOurs = (name: string) =>
    clusters.length === 0 || clusters.some((cluster) => name.startsWith(`${cluster}-`));
  const [roles, policies] = await Promise.all([
    all(paginateListRoles({ client }, {}), (page) => page.Roles),
    all(paginateListPolicies({ client }, { Scope: "Local" }), (page) => page.Policies),
  ]);
  const found: Resource[] = [];
  // One after the other: IAM allows few requests a second.
  for (const { RoleName = "" } of roles.filter(({ RoleName: name = "" }) => mayBeOurs(name))) {
    const { Tags } = await client.send(new ListRoleTagsCommand({ RoleName }));
    found.push({ kind: "IAM role", id: RoleName, region: "", tags: tagsOf(Tags) });
  }
  for (const { Arn = "", PolicyName: name = "" } of policies.filter(({ PolicyName = "" }) => mayBeOurs(PolicyName))) {
    const { Tags } = await client.send(new ListPolicyTagsCommand({ PolicyArn: Arn }));
    found.push({ kind: "IAM policy", id: Arn, name, region: "", tags: tagsOf(Tags) });
  }
  return found;
}
