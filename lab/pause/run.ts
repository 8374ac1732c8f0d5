/** Scales all node groups of a lab, or none. */
import { until } from "../cluster/wait.ts";
import { UsageError } from "../plan/usage-error.ts";
import type { NodeGroup, NodeGroups, Scaling } from "./node-groups.ts";

/** EKS demands a maximum of one at least. */
export const paused = ({ max }: Scaling): Scaling => ({ min: 0, desired: 0, max: Math.max(1, max) });

/** As the program makes it: components/nodes.ts. */
export const resumed = (count: number): Scaling => ({ min: count, desired: count, max: count + 1 });

export interface Step {
  readonly group: NodeGroup;
  readonly to: Scaling;
}

/** What is to be done; groups that are so already are left out. */
export const stepsFor = (groups: readonly NodeGroup[], to: (group: NodeGroup) => Scaling): Step[] =>
  groups
    .map((group) => ({ group, to: to(group) }))
    .filter(
      ({ group: { scaling }, to: { min, desired, max } }) =>
        scaling.min !== min || scaling.desired !== desired || scaling.max !== max,
    );

export interface Scaled {
  readonly groups: NodeGroups;
  readonly steps: readonly Step[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** What to type where a group could not be put back. */
  readonly back: string;
  /** Seconds that a group has to take changes again, and between two looks. Default: 1,200 and 5. */
  readonly patience?: number;
  readonly every?: number;
}

/**
 * Tells AWS, one group after the other.
 * @throws UsageError where a group takes no change, or one was refused or the work interrupted: then those before it
 * were told to go back
 */
export async function scaleAll(of: Scaled): Promise<void> {
  const { groups, steps, signal } = of;
  refuseBusy(steps);
  const done: Step[] = [];
  try {
    for (const step of steps) {
      signal.throwIfAborted();
      await groups.scale(step.group, step.to);
      done.push(step);
    }
    signal.throwIfAborted();
  } catch (error) {
    const cause = error === signal.reason ? "it was interrupted" : (error as Error).message.replace(/\.$/, "");
    throw new UsageError(`Not every node group could be changed: ${cause}. ${await undone(of, done)}`, {
      cause: error,
    });
  }
}

function refuseBusy(steps: readonly Step[]): void {
  const busy = steps.filter(({ group }) => group.status !== "ACTIVE");
  if (busy.length === 0) return;
  const names = busy.map(({ group: { eksName, name, status } }) => `${name} of ${eksName} is ${status}`).join(", ");
  throw new UsageError(
    `${names}, and EKS changes only what is ACTIVE. Wait, or see docs/en/recovery.md. Nothing was changed.`,
  );
}

/** In which state the node groups are left. */
async function undone(of: Scaled, done: readonly Step[]): Promise<string> {
  const failed: string[] = [];
  for (const { group } of done.toReversed())
    await putBack(of, group).catch((why: unknown) =>
      failed.push(`${group.name} of ${group.eksName} (${(why as Error).message.replace(/\.$/, "")})`),
    );
  if (failed.length === 0) return "Every node group is as before.";
  return `Not put back: ${failed.join(", ")}. When that is mended, run: ${of.back}`;
}

/** EKS refuses a change while it carries out the one before. */
async function putBack({ groups, say, patience = 1_200, every = 5 }: Scaled, group: NodeGroup): Promise<void> {
  const { cluster, eksName, name } = group;
  say(`${cluster}: ${name} goes back to ${group.scaling.desired} nodes as soon as it takes a change again`);
  const look = async () => {
    const found = (await groups.of(group)).find((each) => each.name === name);
    return found?.status === "ACTIVE" || `it is ${found?.status ?? "not there"}`;
  };
  await until(`${name} of ${eksName} is ACTIVE`, patience, look, { every });
  await groups.scale(group, group.scaling);
}
