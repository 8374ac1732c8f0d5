/** What a platform does to networks. Faults inside Kubernetes need none of this: every API server takes them. */

/** What can be written as JSON. A property that is undefined is left out. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** What a network is to lose: every packet between some subnets of a cluster and some blocks, in both directions. */
export interface Cut {
  /** The lab's name for the cluster, whose VPC has the subnets. */
  readonly cluster: string;
  /** Zones whose subnets lose it, such as `us-east-1b`. Default: all of the cluster's. */
  readonly zones?: readonly string[];
  /** IPv4 blocks as the subnets see them: `198.51.100.7/32`; `0.0.0.0/0` is everything but their own addresses. */
  readonly blocks: readonly string[];
  /** What is done, in a few words, for whoever finds it left behind. */
  readonly says: string;
}

/**
 * Who cuts networks. Whatever AWS's network ACLs do not do, no platform does: within a subnet packets go on, and so do
 * questions to the VPC's DNS server; established connections are cut like new ones; a subnet has one cut at a time.
 */
export interface Platform {
  /** Such as `local cloud`. */
  readonly name: string;
  /** Whether all clusters, and whoever runs experiments, are on one machine. */
  readonly oneClock?: true;
  /** Why it cannot cut networks, and what to do instead, in whole sentences. Absent where it can. */
  readonly cannotCut?: string;
  /**
   * Looks up what the cut needs and changes nothing. What it answers goes into a journal before anything is cut: with
   * that, another process can go on, or mend.
   * @throws Error where the cut cannot be made
   */
  prepare(cut: Cut): Promise<Json>;
  /**
   * Resolves when the packets are lost. Idempotent until it is mended; then it has to be prepared anew. After an error it
   * may be half made, and is to be mended.
   */
  cut(prepared: Json): Promise<void>;
  /** Resolves when they travel again; also of what was cut in part or not at all. Idempotent. */
  mend(prepared: Json): Promise<void>;
}
