/** EKS clusters of a region, and their node groups. */
import {
  DescribeClusterCommand,
  type EKSClient,
  paginateListClusters,
  paginateListNodegroups,
} from "@aws-sdk/client-eks";
import type { Resource } from "../resource.ts";
import { all, inVpc } from "./tags.ts";

export async function eksResources(client: EKSClient, region: string): Promise<Resource[]> {
  const names = await all(paginateListClusters({ client }, {}), (page) => page.clusters);
  const found = names.map(async (name): Promise<Resource[]> => {
    const { cluster } = await client.send(new DescribeClusterCommand({ name }));
    const groups = await all(paginateListNodegroups({ client }, { clusterName: name }), (page) => page.nodegroups);
    const own = { region, cluster: name, tags: cluster?.tags ?? {}, ...inVpc(cluster?.resourcesVpcConfig?.vpcId) };
    return [
      { kind: "EKS cluster", id: name, ...own },
      ...groups.map((group): Resource => ({ kind: "EKS node group", id: `${name}:${group}`, name: group, ...own })),
    ];
  });
  return (await Promise.all(found)).flat();
}
