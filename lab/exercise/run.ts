/** Starts, checks, solves and resets an exercise on a lab that stands. */
import { workloadClusters } from "../../topology/queries.ts";
import { until } from "../cluster/wait.ts";
import { UsageError } from "../plan/usage-error.ts";
import { clusterOf, type OpenStack } from "../stack/stack.ts";
import { labOptions } from "../stack/typed.ts";
import type { Exercise, Stage } from "./exercise.ts";
import { clusterEye } from "./observe/cluster-eye.ts";
import { type Eye, NothingToAsk } from "./observe/eye.ts";
import { refusalOf, stageOf } from "./stage.ts";
import { perform, reference, removeNamespaces, type Step } from "./step.ts";

export interface Running {
  readonly lab: OpenStack;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** How a check sees the lab. Default: by asking its clusters. */
  readonly eye?: Eye;
  /** Seconds to wait for each thing that takes time. Default: 180, and 60 for a check to agree. */
  readonly patience?: number;
}

/**
 * Makes the beginning of an exercise. What fails or is ended on the way is removed again.
 * @throws UsageError where the lab lacks something, or the exercise has been started already
 */
export async function startExercise(exercise: Exercise, of: Running): Promise<void> {
  const stage = await refuseWithout(exercise, of);
  if (await isThere(exercise, of))
    throw new UsageError(`The exercise ${exercise.name} has been started already. ${command("reset", exercise, of)}`);
  try {
    await performAll(await exercise.start(stage, eyeOf(of)), exercise, of);
  } catch (error) {
    of.say("removes what was made");
    await resetExercise(exercise, { ...of, signal: new AbortController().signal });
    throw error;
  }
}

/**
 * @returns what is still missing; empty when it is solved
 * @throws UsageError where it has not been started
 */
export async function checkExercise(exercise: Exercise, of: Running): Promise<readonly string[]> {
  const stage = await refuseWithout(exercise, of);
  await refuseUnlessStarted(exercise, of);
  return checked(exercise, stage, of);
}

/**
 * Does what solves the exercise, and waits until its check agrees.
 * @throws UsageError where it has not been started, and with what is still missing where the check does not agree
 */
export async function solveExercise(exercise: Exercise, of: Running): Promise<void> {
  const stage = await refuseWithout(exercise, of);
  await refuseUnlessStarted(exercise, of);
  try {
    await performAll(await exercise.solve(stage, eyeOf(of)), exercise, of);
    await agreed(exercise, stage, of);
  } catch (error) {
    if (!of.signal.aborted) throw error;
    throw new UsageError(
      `Interrupted; the exercise ${exercise.name} is half solved. ${command("reset", exercise, of)}`,
    );
  }
}

/** What was applied takes a moment to reach every proxy. */
async function agreed(exercise: Exercise, stage: Stage, of: Running): Promise<void> {
  const look = async () => {
    const missing = await checked(exercise, stage, of);
    return missing.length === 0 || missing.join(" ");
  };
  await until(`the exercise ${exercise.name} is solved`, of.patience ?? 60, look, { signal: of.signal });
}

/**
 * Removes all that the exercise made, and puts back what it changed. Does nothing where nothing is there.
 * @throws UsageError where it was ended; another one removes the rest
 */
export async function resetExercise(exercise: Exercise, of: Running): Promise<void> {
  try {
    await removeAll(exercise, of);
  } catch (error) {
    if (!of.signal.aborted) throw error;
    throw new UsageError(
      `Interrupted; the exercise ${exercise.name} is half removed, and another reset goes on. ${command("reset", exercise, of)}`,
    );
  }
}

async function removeAll(exercise: Exercise, of: Running): Promise<void> {
  const { lab, say, signal, patience } = of;
  const stage = stageOf(lab.plan);
  if (exercise.undo !== undefined) await performAll(await exercise.undo(stage, eyeOf(of)), exercise, of);
  signal.throwIfAborted();
  await Promise.all(
    workloadClusters(lab.plan.clusters).map(({ name }) => {
      say(`${name}: removes ${exercise.namespaces.join(", ")}`);
      return removeNamespaces(clusterOf(lab, name), exercise.namespaces, {
        signal,
        ...(patience === undefined ? {} : { patience }),
      });
    }),
  );
}

async function refuseWithout(exercise: Exercise, of: Running): Promise<Stage> {
  const { lab } = of;
  const stage = stageOf(lab.plan);
  const refusal = refusalOf(exercise, lab.stack, stage) ?? (await absent(exercise, stage, of));
  if (refusal !== undefined) throw new UsageError(refusal);
  return stage;
}

/** What only the cluster knows that it has. */
async function absent(
  { name, stack, needs, notOnLocalCloud }: Exercise,
  { lab, near }: Stage,
  of: Running,
): Promise<string | undefined> {
  const cluster = clusterOf(of.lab, near.name);
  for (const definition of needs.definitions ?? []) {
    const wanted = reference("apiextensions.k8s.io/v1", "CustomResourceDefinition", definition);
    if ((await cluster.read(wanted)) === undefined)
      return (
        `The exercise ${name} needs the definition ${definition}, which ${near.name} does not have. Install it: ` +
        `kubectl --context ${near.name} apply --server-side -f ${lab.artifacts.gatewayApiCrds}`
      );
  }
  if (needs.service === undefined) return undefined;
  const services = await cluster.list("v1", "Service");
  if (services.some(({ metadata }) => metadata.name === needs.service)) return undefined;
  const never = notOnLocalCloud === undefined ? "" : ` The local cloud never has it: ${notOnLocalCloud}.`;
  return (
    `The exercise ${name} needs a Service ${needs.service} in ${near.name}, and there is none. ` +
    `The stack ${stack} brings it.${never}`
  );
}

async function refuseUnlessStarted(exercise: Exercise, of: Running): Promise<void> {
  if (await isThere(exercise, of)) return;
  throw new UsageError(`The exercise ${exercise.name} has not been started. ${command("start", exercise, of)}`);
}

async function isThere({ namespaces }: Exercise, { lab }: Running): Promise<boolean> {
  for (const { name } of workloadClusters(lab.plan.clusters))
    for (const namespace of namespaces)
      if ((await clusterOf(lab, name).read(reference("v1", "Namespace", namespace))) !== undefined) return true;
  return false;
}

async function checked(exercise: Exercise, stage: Stage, of: Running): Promise<readonly string[]> {
  try {
    return await exercise.check(stage, eyeOf(of));
  } catch (error) {
    if (error instanceof NothingToAsk) return [error.message];
    throw error;
  }
}

const performAll = (steps: readonly Step[], { name }: Exercise, { lab, signal, patience }: Running): Promise<void> =>
  perform(steps, {
    exercise: name,
    clusterOf: (cluster) => clusterOf(lab, cluster),
    signal,
    ...(patience === undefined ? {} : { patience }),
  });

const eyeOf = ({ eye, lab }: Running): Eye => eye ?? clusterEye(lab.clusters);

const command = (verb: "start" | "reset", { name }: Exercise, { lab }: Running): string =>
  `To ${verb} it: npm run lab -- exercise ${verb} ${name}${labOptions(lab)}`;
