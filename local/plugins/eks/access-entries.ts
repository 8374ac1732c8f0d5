import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessEntry } from "./cluster-args.ts";

/** Registers `<component>-<key>` for each access entry and `<component>-<key>-<policy key>` for each of its policies. */
export function createAccessEntries(
  name: string,
  cluster: aws.eks.Cluster,
  entries: Record<string, AccessEntry>,
  parent: pulumi.Resource,
): aws.eks.AccessEntry[] {
  return Object.entries(entries).map(([key, entry]) => {
    const registered = new aws.eks.AccessEntry(
      `${name}-${key}`,
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        ...(entry.username ? { userName: entry.username } : {}),
        ...(entry.kubernetesGroups ? { kubernetesGroups: entry.kubernetesGroups } : {}),
        ...(entry.tags ? { tags: entry.tags } : {}),
        ...(entry.type ? { type: entry.type } : {}),
      },
      { parent, dependsOn: [cluster] },
    );
    for (const [policyKey, policy] of Object.entries(entry.accessPolicies ?? {})) {
      const association = pulumi.output(policy);
      new aws.eks.AccessPolicyAssociation(
        `${name}-${key}-${policyKey}`,
        {
          clusterName: cluster.name,
          principalArn: entry.principalArn,
          policyArn: association.policyArn,
          accessScope: association.accessScope,
        },
        { parent: registered, dependsOn: [registered] },
      );
    }
    return registered;
  });
}
