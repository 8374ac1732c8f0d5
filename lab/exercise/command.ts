/** `lab exercise`: guided exercises on a lab that stands, and whether they are solved. */
import { outputColours } from "../plan/colours.ts";
import { say } from "../plan/say.ts";
import { table } from "../plan/table.ts";
import { UsageError } from "../plan/usage-error.ts";
import { interruptible } from "../stack/interruptible.ts";
import { stackOptions } from "../stack/typed.ts";
import type { Exercise } from "./exercise.ts";
import type { Running } from "./run.ts";
import { exercises } from "./set/all.ts";

export interface ExerciseOptions {
  /** Default: the one that the exercise's page uses, or with a file the one that is named as it. */
  readonly stack?: string;
  readonly configFile?: string;
}

export interface ListOptions {
  /** Print one JSON document instead. */
  readonly json?: boolean;
}

/** Prints the exercises that there are, in the order in which they are best learned from. */
export function listCommand({ json }: ListOptions): void {
  const list = exercises.map(({ name, title, stack, notOnLocalCloud }) => ({
    name,
    title,
    stack,
    ...(notOnLocalCloud === undefined ? {} : { notOnLocalCloud }),
  }));
  if (json === true) {
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return;
  }
  const width = process.stdout.columns || 120;
  const rows = list.map(({ name, stack, title, notOnLocalCloud }) => [
    name,
    stack,
    notOnLocalCloud === undefined ? title : `${title} (not on the local cloud)`,
  ]);
  const columns = [{ title: "exercise" }, { title: "stack" }, { title: "what is learned" }];
  process.stdout.write(`${table(columns, rows, { indent: "", width, titleStyle: outputColours().bold }).join("\n")}\n`);
}

/** Makes the beginning of an exercise, and says what to do next. */
export async function startCommand(name: string, options: ExerciseOptions): Promise<void> {
  const exercise = exerciseOf(name);
  const { startExercise } = await import("./run.ts");
  await running(exercise, options, (of) => startExercise(exercise, of), "undoing what was done");
  say(`${name} is there: ${exercise.title}.`);
  say(`What to do is in docs/en/exercises/${name}.md; then: ${typed("check", exercise, options)}`);
}

/**
 * Prints what is still missing.
 * @returns whether nothing is
 */
export async function checkCommand(name: string, options: ExerciseOptions): Promise<boolean> {
  const exercise = exerciseOf(name);
  const { checkExercise } = await import("./run.ts");
  const missing = await running(exercise, options, (of) => checkExercise(exercise, of));
  const { green, red } = outputColours();
  for (const sentence of missing) process.stdout.write(`${red("✘")} ${sentence}\n`);
  if (missing.length === 0)
    process.stdout.write(`${green("✔")} ${name} is solved. Tidy up: ${typed("reset", exercise, options)}\n`);
  return missing.length === 0;
}

/** Does what solves an exercise. */
export async function solveCommand(name: string, options: ExerciseOptions): Promise<void> {
  const exercise = exerciseOf(name);
  const { solveExercise } = await import("./run.ts");
  await running(exercise, options, (of) => solveExercise(exercise, of), "stopping half way");
  say(
    `${name} is solved. Look at what was done: docs/en/exercises/${name}.md, then: ${typed("reset", exercise, options)}`,
  );
}

/** Removes all that an exercise made. */
export async function resetCommand(name: string, options: ExerciseOptions): Promise<void> {
  const exercise = exerciseOf(name);
  const { resetExercise } = await import("./run.ts");
  await running(exercise, options, (of) => resetExercise(exercise, of), "stopping half way");
  say(`Nothing of ${name} is left.`);
}

/** @throws UsageError where there is no such exercise */
function exerciseOf(name: string): Exercise {
  const found = exercises.find((exercise) => exercise.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`There is no exercise "${name}". There are: ${exercises.map((each) => each.name).join(", ")}.`);
}

/** @param ending what Ctrl-C has the work do; absent where it may end anywhere */
async function running<T>(
  exercise: Exercise,
  options: ExerciseOptions,
  work: (of: Running) => Promise<T>,
  ending?: string,
): Promise<T> {
  const { openStack } = await import("../stack/open-stack.ts");
  const lab = await openStack(stackOf(exercise, options), options.configFile);
  if (ending === undefined) return work({ lab, signal: new AbortController().signal, say });
  return interruptible(ending, say, (signal) => work({ lab, signal, say }));
}

/** Undefined where the file names it. */
const stackOf = (exercise: Exercise, { stack, configFile }: ExerciseOptions): string | undefined =>
  stack ?? (configFile === undefined ? exercise.stack : undefined);

const typed = (verb: string, exercise: Exercise, options: ExerciseOptions): string =>
  `npm run lab -- exercise ${verb} ${exercise.name}` +
  stackOptions({ stack: stackOf(exercise, options), configFile: options.configFile });
