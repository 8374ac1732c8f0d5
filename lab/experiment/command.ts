/** `lab experiment`: does something to a running lab and measures what its clients notice. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import pc from "picocolors";
import { UsageError } from "../plan/usage-error.ts";
import { interruptible } from "../stack/interruptible.ts";
import { labOptions } from "../stack/typed.ts";
import type { Experiment } from "./experiment.ts";
import type { Verdict } from "./measure/verdict.ts";
import type { Result } from "./result.ts";
import { isAlive, JournalFile, type Journal } from "./run/journal.ts";
import type { LoadClient } from "./run/load-client.ts";
import type { RunningLab } from "./run/running-lab.ts";
import { experiments } from "./set/all.ts";
import { progressLine, type Clock } from "./show/progress.ts";
import { reasonsOf, verdictWord } from "./show/verdict-words.ts";

export interface LabOptions {
  readonly stack: string;
  readonly configFile?: string;
  /** The folder of all results. Default: `out/experiments` in the project. */
  readonly out?: string;
}

export interface RunCommandOptions extends LabOptions {
  readonly repeats: number;
  readonly rate: number;
  readonly keep?: boolean;
}

const folderOf = ({ out }: Pick<LabOptions, "out">): string =>
  resolve(out ?? fileURLToPath(new URL("../../out/experiments", import.meta.url)));

/** Prints the experiments that there are. */
export function listCommand(): void {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  for (const { name, title, control } of experiments)
    process.stdout.write(`${name.padEnd(width)}  ${title}${control ? " (control: must fail)" : ""}\n`);
}

/**
 * Runs experiments one after the other and says where the results are. Of `all` those that the lab lacks something for
 * are passed over, with the reason.
 * @returns whether all that was expected held
 * @throws UsageError where one cannot run; those before it are on disk
 */
export async function runCommand(names: readonly string[], options: RunCommandOptions): Promise<boolean> {
  const named = names.filter((name) => name !== "all").map(experimentOf);
  const folder = folderOf(options);
  const [{ openLab }, { runExperiment }] = await Promise.all([import("./run/open-lab.ts"), import("./run/run.ts")]);
  const lab = await openLab(options.stack, options.configFile);
  await nothingLeft(lab, new JournalFile(folder, lab));
  const wanted = names.includes("all") ? await allThatCan(lab) : named;
  const verdicts: Verdict[] = [];
  await interruptible("undoing what was done", say, async (signal) => {
    try {
      for (const [at, experiment] of wanted.entries()) {
        const keep = options.keep === true || at < wanted.length - 1;
        const finished = await runExperiment(experiment, lab, { ...options, keep, folder, signal, say, progress });
        verdicts.push(finished.result.verdict);
        say(`${experiment.name} ${verdictWord(finished.result)}. ${reasonsOf(finished.result).join(" ")}`);
        say(join(finished.folder, "report.md"));
      }
    } catch (error) {
      if (!signal.aborted) throw endedBy(error);
      throw new UsageError("Interrupted; what was done to the lab is undone.", { cause: error });
    }
  });
  return verdicts.every(({ holds }) => holds);
}

/** A cluster that does not answer any more is no fault of the program, so whoever runs it gets a sentence. */
function endedBy(error: unknown): Error {
  if (error instanceof UsageError) return error;
  return new UsageError(`The experiment ended before its time: ${(error as Error).message}`, { cause: error });
}

/** Says of the others why they cannot run. */
async function allThatCan(lab: RunningLab): Promise<Experiment[]> {
  const { nodeZones, refusalOf, sceneOf } = await import("./run/scene.ts");
  const scene = sceneOf(lab, await nodeZones(lab));
  return experiments.filter((experiment) => {
    const refusal = refusalOf(experiment, scene);
    if (refusal !== undefined) say(refusal);
    return refusal === undefined;
  });
}

/** A line a second, of the second before the last: what was answered just now is not told yet. */
function progress(clock: Pick<Clock, "phase" | "seconds">, clients: readonly LoadClient[]): void {
  const to = Date.now() - 1_000;
  const requests = clients.flatMap((client) => client.since(to - 1_000)).filter(({ start }) => start < to);
  const names = clients.map(({ name }) => name);
  process.stderr.write(`${progressLine(requests, { ...clock, clients: names }, pc)}\n`);
}

/** Undoes what a run has left, and takes away what it had put into the clusters. */
export async function undoCommand(options: LabOptions): Promise<void> {
  const [{ openLab }, { uninstall }] = await Promise.all([import("./run/open-lab.ts"), import("./run/install.ts")]);
  const lab = await openLab(options.stack, options.configFile);
  const file = new JournalFile(folderOf(options), lab);
  const journal = file.read();
  if (journal === undefined) {
    say(`Nothing is left to undo on the stack ${options.stack}: ${file.path} does not exist.`);
    return;
  }
  refuseWhileRunning(journal);
  await undo(lab, file, journal);
  await uninstall(lab);
}

/** Prints what differs between two results, in Markdown. */
export async function compareCommand(a: string, b: string): Promise<void> {
  const { compareMarkdown } = await import("./show/compare.ts");
  process.stdout.write(compareMarkdown(resultIn(a), resultIn(b)));
}

/**
 * Says whether every figure of a result follows from its raw logs.
 * @returns whether it does
 */
export async function verifyCommand(folder: string): Promise<boolean> {
  const { differencesFromLogs } = await import("./run/verify.ts");
  const differences = differencesFromLogs(resultIn(folder), folder);
  for (const difference of differences) say(difference);
  if (differences.length === 0) say(`${folder}: every figure and the verdict follow from the raw logs.`);
  return differences.length === 0;
}

function experimentOf(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no experiment "${name}". There are: ${experiments.map((each) => each.name).join(", ")}.`,
  );
}

function resultIn(place: string): Result {
  const file = place.endsWith(".json") ? place : join(place, "result.json");
  if (!existsSync(file))
    throw new UsageError(`${file} does not exist. Name the folder of a run, such as out/experiments/pod-kill/<time>.`);
  return JSON.parse(readFileSync(file, "utf8")) as Result;
}

/** A fault that is still there would be measured with the next one. */
async function nothingLeft(lab: RunningLab, file: JournalFile): Promise<void> {
  const journal = file.read();
  if (journal === undefined) return;
  refuseWhileRunning(journal);
  const left = journal.entries.map(({ fault }) => `  ${fault.says}`).join("\n");
  const what = `The experiment ${journal.experiment} of ${journal.started} ended before it had undone this:\n${left}\n`;
  if (process.stdin.isTTY && (await agreed(`${what}Undo it now? [y/N] `))) {
    await undo(lab, file, journal);
    return;
  }
  throw new UsageError(`${what}Undo it first: npm run lab -- experiment undo${labOptions(lab)}`);
}

function refuseWhileRunning(journal: Journal): void {
  if (isAlive(journal))
    throw new UsageError(
      `The experiment ${journal.experiment} is still running, as process ${journal.pid}: wait, or end it.`,
    );
}

async function undo(lab: RunningLab, file: JournalFile, journal: Journal): Promise<void> {
  const { Meddling } = await import("./run/meddling.ts");
  const meddling = new Meddling(lab, file, journal.experiment, journal);
  for (const { says } of meddling.left) say(`undoes: ${says}`);
  await meddling.undo();
}

async function agreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

function say(line: string): void {
  process.stderr.write(`${pc.bold("experiment")} ${line}\n`);
}
