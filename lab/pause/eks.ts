/**
 * Node groups of EKS. **Never run on AWS**: tests compare the requests with EKS's reference.
 *
 * Whoever runs it needs eks:ListNodegroups, eks:DescribeNodegroup, eks:UpdateNodegroupConfig.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html
 */
import {
  DescribeNodegroupCommand,
  EKSClient,
  paginateListNodegroups,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { awsCause } from "../aws/explain.ts";
import { UsageError } from "../plan/usage-error.ts";
import type { NodeGroup, NodeGroups } from "./node-groups.ts";

export function eksNodeGroups(clientOf = (region: string) => new EKSClient({ region })): NodeGroups {
  return {
    of: ({ cluster, eksName, region }) =>
      plainly(async () => {
        const client = clientOf(region);
        const groups: NodeGroup[] = [];
        for await (const { nodegroups = [] } of paginateListNodegroups({ client }, { clusterName: eksName })) {
          for (const name of nodegroups) {
            const asked = new DescribeNodegroupCommand({ clusterName: eksName, nodegroupName: name });
            const { nodegroup } = await client.send(asked);
            const { minSize: min = 0, desiredSize: desired = 0, maxSize: max = 1 } = nodegroup?.scalingConfig ?? {};
            const status = nodegroup?.status ?? "unknown";
            groups.push({ cluster, eksName, region, name, status, scaling: { min, desired, max } });
          }
        }
        return groups;
      }),
    scale: ({ region, eksName, name }, { min, desired, max }) =>
      plainly(async () => {
        await clientOf(region).send(
          new UpdateNodegroupConfigCommand({
            clusterName: eksName,
            nodegroupName: name,
            scalingConfig: { minSize: min, desiredSize: desired, maxSize: max },
          }),
        );
      }),
  };
}

async function plainly<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new UsageError(awsCause(error), { cause: error });
  }
}
