/** `lab pause` and `lab resume`: node groups to zero and back. */
import type { ClusterPlan } from "../../topology/types.ts";
import { until } from "../cluster/wait.ts";
import { UsageError } from "../plan/usage-error.ts";
import { say } from "../plan/say.ts";
import { interruptible } from "../stack/interruptible.ts";
import { localCloudSocket } from "../stack/local-cloud.ts";
import { openStack } from "../stack/open-stack.ts";
import { clusterOf, type OpenStack } from "../stack/stack.ts";
import { labArguments } from "../stack/typed.ts";
import { judgeNodes } from "../status/machines.ts";
import type { NodeObject } from "../status/shapes.ts";
import type { NodeGroup, NodeGroups, Scaling } from "./node-groups.ts";
import { paused, resumed, scaleAll, stepsFor } from "./run.ts";
import { savingLine, savingOf } from "./saving.ts";

export interface PauseOptions {
  readonly configFile?: string;
  /** False: do not wait until nodes have gone or come. */
  readonly wait?: boolean;
}

/**
 * Seconds. EKS takes the pods off a node first, and gives up after 15 minutes
 * (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html, under scaling down).
 */
const patience = 1_200;

/** @throws UsageError where the lab's clusters are not its own, or AWS refuses; then nothing is changed */
export async function pauseCommand(stack: string | undefined, options: PauseOptions): Promise<void> {
  const lab = await pausable(stack, options);
  const resume = typed("resume", lab);
  await scaleTo(lab, options, { what: "paused", to: ({ scaling }) => paused(scaling), look: gone, back: resume });
  say(savingLine(savingOf(lab.plan)));
  say(`Resume it before \`pulumi destroy\`: with no node, nobody removes the load balancers. ${resume}`);
}

/** As `pauseCommand`, with as many nodes as the stack file says. */
export async function resumeCommand(stack: string | undefined, options: PauseOptions): Promise<void> {
  const lab = await pausable(stack, options);
  const back = typed("pause", lab);
  const counts = new Map(lab.plan.clusters.map(({ name, nodes }) => [name, nodes.count]));
  const to = ({ cluster }: NodeGroup) => resumed(counts.get(cluster) ?? 1);
  await scaleTo(lab, options, { what: "resumed", to, look: ready, back });
  say(`Pods start now; this says when all is well: ${typed("status", lab)}`);
}

const typed = (verb: "pause" | "resume" | "status", lab: OpenStack): string =>
  `npm run lab -- ${verb} ${labArguments(lab)}`;

async function pausable(stack: string | undefined, { configFile }: PauseOptions): Promise<OpenStack> {
  const lab = await openStack(stack, configFile);
  if (lab.plan.platform === "existing")
    throw new UsageError(
      "Clusters that existed before the lab are somebody else's, and so are their nodes: pause them there.",
    );
  return lab;
}

type Look = (lab: OpenStack, plan: ClusterPlan) => Promise<string | true>;

interface Change {
  readonly what: "paused" | "resumed";
  readonly to: (group: NodeGroup) => Scaling;
  /** Whether it is so. */
  readonly look: Look;
  /** The command that undoes it. */
  readonly back: string;
}

async function scaleTo(lab: OpenStack, { wait = true }: PauseOptions, { what, to, look, back }: Change): Promise<void> {
  const groups = await nodeGroups();
  const places = Object.entries(lab.outputs.clusters).flatMap(([cluster, { eksName, region }]) =>
    eksName === undefined ? [] : { cluster, eksName, region },
  );
  const steps = stepsFor((await Promise.all(places.map((place) => groups.of(place)))).flat(), to);
  await interruptible("undoing what was done", say, (signal) => scaleAll({ groups, steps, signal, say, back }));
  for (const { group, to: scaling } of steps) say(`${group.cluster}: ${group.name} to ${scaling.desired} nodes`);
  if (steps.length === 0) say(`The stack ${lab.stack} is ${what} already.`);
  if (!wait) return;
  // From here on Ctrl-C changes nothing: AWS goes on by itself.
  say(`Waits until it is so, which may take ${patience / 60} minutes; Ctrl-C only ends the waiting.`);
  const waits = lab.plan.clusters.map((plan) => until(`${plan.name} is ${what}`, patience, () => look(lab, plan)));
  const late = (await Promise.allSettled(waits)).find(({ status }) => status === "rejected");
  if (late?.status === "rejected") throw late.reason as Error;
}

async function nodeGroups(): Promise<NodeGroups> {
  const socket = localCloudSocket();
  if (socket !== undefined) return (await import("./ledger.ts")).ledgerNodeGroups(socket);
  return (await import("./eks.ts")).eksNodeGroups();
}

const nodesOf = (lab: OpenStack, { name }: ClusterPlan): Promise<NodeObject[]> =>
  clusterOf(lab, name).list<NodeObject>("v1", "Node");

const gone: Look = async (lab, plan) => {
  const nodes = await nodesOf(lab, plan);
  return nodes.length === 0 || `${nodes.length} nodes are still there`;
};

const ready: Look = async (lab, plan) => {
  const finding = judgeNodes(await nodesOf(lab, plan), plan.nodes.count, "");
  return finding.outcome !== "failed" || finding.cause.replace(/\.$/, "");
};
