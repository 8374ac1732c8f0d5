/** What an exercise is: one small file in set/ that says what is there at first, what is to become of it, and how. */
import type { ClusterPlan, LabPlan } from "../../topology/types.ts";
import type { Eye } from "./observe/eye.ts";
import type { Step } from "./step.ts";

/** What a lab must have, so that the exercise means something there. */
export interface Needs {
  /** Clusters with workloads in one mesh that call each other. Default: 1. */
  readonly clusters?: 2;
  /** Two meshes, of which one offers a service to the other. */
  readonly meshes?: 2;
  /** Clusters of one mesh that do not read each other. */
  readonly strangers?: true;
  readonly ingress?: true;
  readonly egress?: true;
  /** More than one istiod. */
  readonly highlyAvailable?: true;
  /** Two control planes in one cluster. */
  readonly revisions?: true;
  /** A cluster that another cluster's istiod serves. */
  readonly remote?: true;
  /** An istiod outside of the clusters that it serves. */
  readonly externalControlPlane?: true;
  /** A root that the lab gave to every cluster. */
  readonly sharedRoot?: true;
  /** Kinds of objects, as their definitions are named, that the lab itself does not bring. */
  readonly definitions?: readonly string[];
  /** The name of a Service, in whatever namespace it is. */
  readonly service?: string;
}

/** The lab as an exercise sees it. */
export interface Stage {
  readonly lab: LabPlan;
  /** The first cluster with workloads whose objects its own API server holds. */
  readonly near: ClusterPlan;
  /** Another with workloads, of its mesh if there is one; itself where it is the only one. */
  readonly far: ClusterPlan;
}

export interface Exercise {
  /** kebab-case: what the command line names, and the page, and the namespace after `exercise-`. */
  readonly name: string;
  /** What is learned, in one line. */
  readonly title: string;
  /** The stack that its page uses; any other that has what it needs will do. */
  readonly stack: string;
  readonly needs: Needs;
  /** Why it cannot run on the local cloud; absent where it can. */
  readonly notOnLocalCloud?: string;
  /** Every namespace that it makes, in each cluster. `reset` removes them with all that is in them. */
  readonly namespaces: readonly string[];
  /** Makes the beginning. May look first, for what only the lab that stands knows. */
  readonly start: (stage: Stage, eye: Eye) => readonly Step[] | Promise<readonly Step[]>;
  /** @returns what is still missing, a sentence each, which helps without giving the solution away; empty when it is solved */
  readonly check: (stage: Stage, eye: Eye) => Promise<readonly string[]>;
  readonly solve: (stage: Stage, eye: Eye) => readonly Step[] | Promise<readonly Step[]>;
  /** Puts back what was changed outside of its namespaces. Must do no harm where nothing was. */
  readonly undo?: (stage: Stage, eye: Eye) => readonly Step[] | Promise<readonly Step[]>;
}

/** An exercise whose check is a judgement about what was seen, so that both can be tried apart. */
interface Observed<Seen> extends Omit<Exercise, "check"> {
  readonly observe: (stage: Stage, eye: Eye) => Promise<Seen>;
  readonly judge: (seen: Seen, stage: Stage) => readonly Judgement[];
}

/** Whether something holds, and what to say where it does not. */
export type Judgement = readonly [holds: boolean, sentence: string];

export function exercise<Seen>({ observe, judge, ...rest }: Observed<Seen>): Exercise {
  return {
    ...rest,
    check: async (stage, eye) =>
      judge(await observe(stage, eye), stage)
        .filter(([holds]) => !holds)
        .map(([, sentence]) => sentence),
  };
}
