import type { Cloud } from "../cloud.ts";
import { abandonCluster } from "./cluster.ts";
import { Cluster, NodeGroup } from "./kinds.ts";
import { abandonNodeGroup } from "./node-group.ts";

/**
 * After a crash: what was being made then is known to no program, so it would stand in the way of the next one.
 */
export async function abandonUnfinished(cloud: Cloud): Promise<void> {
  for (const group of cloud.all(NodeGroup)) {
    if (group.state.status === "CREATING") await abandonNodeGroup(cloud, group);
  }
  for (const cluster of cloud.all(Cluster)) {
    if (cluster.state.status === "CREATING") await abandonCluster(cloud, cluster);
  }
}
