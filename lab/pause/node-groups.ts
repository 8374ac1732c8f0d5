/** Node groups of a lab, and how many nodes they have. */

export interface Scaling {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
}

export interface NodeGroup {
  /** The lab's name of the cluster. */
  readonly cluster: string;
  readonly eksName: string;
  readonly region: string;
  readonly name: string;
  /** EKS takes no change unless it is `ACTIVE`. */
  readonly status: string;
  readonly scaling: Scaling;
}

/** Where a cluster is. */
export type Place = Pick<NodeGroup, "cluster" | "eksName" | "region">;

export interface NodeGroups {
  of(place: Place): Promise<NodeGroup[]>;
  /** Resolves when it is taken; nodes come and go afterwards. */
  scale(group: NodeGroup, scaling: Scaling): Promise<void>;
}
