/** What an experiment is: one small file in set/ that says what is done and what must hold. */
import type { ClusterPlan } from "../../topology/types.ts";
import type { AnyFault } from "./faults/kinds.ts";
import type { Expectation } from "./measure/verdict.ts";
import type { RunningLab } from "./run/running-lab.ts";

/** What a lab must have, so that the experiment means something there. */
export interface Needs {
  /** Clusters with workloads in one mesh. Default: 1. */
  readonly clusters?: number;
  /** Zones of the first of them. Default: 1. */
  readonly zones?: number;
  /** Somebody who can cut networks: see platforms/. */
  readonly cut?: true;
  /** One host that leads to the ingress gateways of several clusters. */
  readonly globalIngress?: true;
  /** East-west gateways, which there are where clusters are on several networks. */
  readonly eastWest?: true;
  /** An istiod in each cluster, in a Deployment of that name: no remote, and no revisions. */
  readonly istiod?: true;
}

/** The lab as an experiment sees it. */
export interface Scene {
  readonly lab: RunningLab;
  /** The cluster to which it is done, or whose clients ask: the first with workloads. */
  readonly near: ClusterPlan;
  /** The other one of its mesh; itself where there is none. */
  readonly far: ClusterPlan;
  /** Zones of nodes by cluster, sorted. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
}

/** Seconds. */
export interface Timing {
  /** Without a fault, as the control of the same run. At least 5. Default: 10. */
  readonly before?: number;
  /** From the fault to the undo. Default: 10. */
  readonly during?: number;
  /** After the undo. Default: 10. */
  readonly after?: number;
}

export interface Experiment {
  /** kebab-case: what the command line names. */
  readonly name: string;
  /** What is done, in one line. */
  readonly title: string;
  /** Whether it shows that a defect is noticed: then what it expects is a failure. */
  readonly control?: true;
  readonly needs?: Needs;
  /** Pods of the service in each cluster. Default: 3. */
  readonly replicas?: number;
  /** What is different from the start of a repeat, and not the fault, such as traffic that is on the other cluster. */
  readonly setup?: (scene: Scene) => readonly AnyFault[];
  readonly fault: (scene: Scene) => readonly AnyFault[];
  readonly timing?: Timing;
  /** Clusters whose clients ask. Default: near and far. */
  readonly clients?: (scene: Scene) => readonly ClientOf[];
  readonly expect: (scene: Scene) => readonly Expectation[];
}

/** The name of a client that stands in no cluster. */
export const outside = "outside";

export interface ClientOf {
  /** `outside` for a user of the lab's global ingress. */
  readonly cluster: string;
  /** Runs in this zone only. */
  readonly zone?: string;
  /** Tells its proxy that it is elsewhere, as `region/zone/subzone`. */
  readonly locality?: string;
}
