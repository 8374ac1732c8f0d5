/**
 * Puts what was measured into the pages of the experiments and that on performance, and what the code says of the
 * experiments:
 *
 *     npm run docs:measure                  from out/experiments
 *     npm run docs:measure -- FOLDER...     from folders of all results, or of single runs
 *
 * Of each experiment the newest of the runs with the most repeats counts: a quick look does not replace a measurement,
 * and a run that was judged by other limits than the experiment has now counts for nothing. A page whose experiment has
 * no result keeps what it shows.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { format, resolveConfig } from "prettier";
import type { Expectation } from "../../lab/experiment/measure/verdict.ts";
import type { Result } from "../../lab/experiment/result.ts";
import { differencesFromLogs } from "../../lab/experiment/run/verify.ts";
import { experiments } from "../../lab/experiment/set/all.ts";
import { measuredMarkdown } from "../../lab/experiment/show/page.ts";
import {
  expectedPart,
  expectedText,
  expectationsOf,
  languages,
  listPart,
  listText,
  measuredPart,
  type Language,
} from "./experiment-pages.ts";
import { latencyPart, latencyText, telling } from "./own-latency.ts";
import { withText } from "./parts.ts";

export const docsFolder = fileURLToPath(new URL("../../docs", import.meta.url));
const resultsFolder = fileURLToPath(new URL("../../out/experiments", import.meta.url));

export interface Run {
  readonly folder: string;
  readonly result: Result;
}

/**
 * Writes the pages anew in all languages, and copies the pictures that they show.
 * @param folders of results; one that is not there has none
 * @returns the experiments whose results it has put in
 * @throws Error where a result does not follow from its raw logs, or lacks its picture, and where results of one stack
 *   are of different policies: then nothing is written
 */
export async function writeMeasurements(folders: readonly string[], docs = docsFolder): Promise<string[]> {
  const runs = tellingRuns(folders);
  for (const run of runs.values()) refuseUnsound(run);
  refuseMixed([...runs.values()]);
  const pages = (Object.keys(languages) as Language[]).flatMap((language) => pagesIn(language, runs, docs));
  for (const { path, text } of pages) writeFileSync(path, await formatted(text));
  for (const { folder, result } of runs.values()) copyPicture(folder, join(docs, pictureOf(result)));
  return experiments.map(({ name }) => name).filter((name) => runs.has(name));
}

interface Page {
  readonly path: string;
  readonly text: string;
}

/** The pages of one language, each experiment's and the list of them. */
function pagesIn(language: Language, runs: ReadonlyMap<string, Run>, docs: string): Page[] {
  const folder = join(docs, language, "experiments");
  const read = (name: string): string => readFileSync(join(folder, `${name}.md`), "utf8");
  const texts = new Map<string, string>();
  for (const experiment of experiments) {
    const { name } = experiment;
    const expected = withText(read(name), expectedPart(name), expectedText(experiment, language));
    const run = runs.get(name);
    texts.set(name, run === undefined ? expected : withText(expected, measuredPart(name), shown(run, language)));
  }
  const list = listText((name) => texts.get(name) ?? "", language);
  texts.set("README", withText(read("README"), listPart, list));
  return [
    ...[...texts].map(([name, text]) => ({ path: join(folder, `${name}.md`), text })),
    ...performancePage(language, runs.get(telling), docs),
  ];
}

function performancePage(language: Language, run: Run | undefined, docs: string): Page[] {
  if (run === undefined) return [];
  const path = join(docs, language, "performance.md");
  return [{ path, text: withText(readFileSync(path, "utf8"), latencyPart, latencyText(run.result, language)) }];
}

const pictureOf = ({ experiment }: Result): string => `pictures/experiments/${experiment}.svg`;

const shown = ({ result }: Run, language: Language): string =>
  languages[language].written(measuredMarkdown(result, `../../${pictureOf(result)}`));

function copyPicture(folder: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(folder, "timeline.svg"), to);
}

/** Of each experiment in some folders the newest of the runs with the most repeats, if its limits are today's. */
export function tellingRuns(folders: readonly string[]): Map<string, Run> {
  const runs = folders.flatMap((folder) => runsIn(resolve(folder))).filter(hasLimitsOfToday);
  const tellingLast = runs.toSorted(
    ({ result: a }, { result: b }) => a.repeats.length - b.repeats.length || a.started.localeCompare(b.started),
  );
  return new Map(tellingLast.map((run) => [run.result.experiment, run]));
}

/** A folder of a run, or of all results: `<experiment>/<time>`. A run that was broken off has no result. */
function runsIn(folder: string): Run[] {
  const candidates = [folder, ...subfolders(folder).flatMap(subfolders)];
  return candidates
    .filter((each) => existsSync(join(each, "result.json")))
    .map((each) => ({
      folder: each,
      result: JSON.parse(readFileSync(join(each, "result.json"), "utf8")) as Result,
    }));
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

function hasLimitsOfToday({ result }: Run): boolean {
  const experiment = experiments.find(({ name }) => name === result.experiment);
  if (experiment === undefined) return false;
  const judged = result.verdict.checks.map(({ expectation }) => limitOf(expectation));
  return isDeepStrictEqual(new Set(judged), new Set(expectationsOf(experiment).map(limitOf)));
}

/** An expectation without its reason. */
const limitOf = ({ because: _, ...limit }: Expectation): string => JSON.stringify(limit, Object.keys(limit).sort());

/** A control changes the policy by itself. */
function refuseMixed(runs: readonly Run[]): void {
  const byStack = Map.groupBy(
    runs.filter(({ result }) => !result.control),
    ({ result }) => result.stack,
  );
  for (const [stack, [first, ...others]] of byStack) {
    const other = others.find(({ result }) => !isDeepStrictEqual(result.policy, first?.result.policy));
    if (first && other)
      throw new Error(
        `${first.folder} and ${other.folder} are runs on ${stack} with different policies, and their pages would be ` +
          "compared. Run one of them again, or name the folders that belong together.",
      );
  }
}

function refuseUnsound({ folder, result }: Run): void {
  const picture = join(folder, "timeline.svg");
  if (!existsSync(picture)) throw new Error(`${picture} does not exist: the run was not written whole. Run it again.`);
  const differences = differencesFromLogs(result, folder);
  if (differences.length > 0)
    throw new Error(
      `${folder} is not shown, because its result does not follow from its logs: ${differences.join(" ")}`,
    );
}

async function formatted(text: string): Promise<string> {
  const file = join(docsFolder, "README.md");
  return format(text, { ...(await resolveConfig(file)), parser: "markdown" });
}

if (import.meta.main) {
  const [, , ...folders] = process.argv;
  const written = await writeMeasurements(folders.length > 0 ? folders : [resultsFolder]);
  const which = written.length > 0 ? `: ${written.join(", ")}` : "";
  process.stdout.write(`${written.length} of ${experiments.length} experiments have a result${which}\n`);
}
