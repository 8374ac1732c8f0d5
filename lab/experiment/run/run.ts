/** Runs an experiment from the first look at the lab to its result on disk. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../plan/usage-error.ts";
import type { Experiment } from "../experiment.ts";
import { judge, summaryOf } from "../measure/verdict.ts";
import { toCsv } from "../measure/request.ts";
import { isSound, type Repeat, type Result } from "../result.ts";
import { medianRepeat } from "../show/median-repeat.ts";
import { reportMarkdown } from "../show/report.ts";
import { timelineSvg } from "../show/timeline.ts";
import { namespace, port, server } from "../workload/names.ts";
import { serviceUrl } from "../workload/load.ts";
import { conditionsOf, policyInForce } from "./conditions.ts";
import { freshPods } from "./fresh-pods.ts";
import { install, uninstall } from "./install.ts";
import { JournalFile } from "./journal.ts";
import { Meddling } from "./meddling.ts";
import { clientsOf, runRepeat, type Measured, type RepeatOptions } from "./repeat.ts";
import type { RunningLab } from "./running-lab.ts";
import { nodeZones, refusalOf, sceneOf, zoneOf } from "./scene.ts";

export interface RunOptions {
  readonly repeats: number;
  /** Requests a second from each client. */
  readonly rate: number;
  /** The folder of all results. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: RepeatOptions["progress"];
  /** Says in a line what happens. */
  readonly say: (line: string) => void;
  /** Leave the service in the clusters, for the next experiment. */
  readonly keep?: boolean;
}

/** Seconds. k6 is ended when all was measured; this only bounds what a killed run leaves. */
const longest = 3_600;
/** Longer than three tries of the shipped policy, each of which gets a second and a half. */
const timeout = 5;

/**
 * @returns the result, and the folder that it was written into
 * @throws UsageError where the lab lacks what the experiment needs, or is not in its steady state
 */
export async function runExperiment(
  experiment: Experiment,
  lab: RunningLab,
  options: RunOptions,
): Promise<{ readonly result: Result; readonly folder: string }> {
  const nodes = await nodeZones(lab);
  const scene = sceneOf(lab, nodes);
  const refusal = refusalOf(experiment, scene);
  if (refusal !== undefined) throw new UsageError(refusal);
  const started = new Date().toISOString();
  const meddling = new Meddling(lab, new JournalFile(options.folder, lab), experiment.name);
  const setup = experiment.setup?.(scene) ?? [];
  const load = { url: serviceUrl(server, namespace, port), rate: options.rate, duration: longest, timeout };
  try {
    options.say(`${experiment.name}: ${experiment.title}`);
    await install(lab, experiment.replicas ?? 3, [...setup, ...experiment.fault(scene)]);
    const conditions = await conditionsOf(
      lab,
      nodes,
      load,
      clientsOf(experiment, scene).map(({ cluster }) => cluster),
    );
    for (const fault of setup) await meddling.inject(fault);
    const measured: Measured[] = [];
    for (let at = 1; at <= options.repeats; at += 1) {
      options.signal.throwIfAborted();
      options.say(`repeat ${at} of ${options.repeats}`);
      await freshPods(lab, experiment.fault(scene));
      measured.push(
        await runRepeat(experiment, scene, meddling, {
          ...options,
          load,
          zoneOf: (cluster, node) => zoneOf(nodes, cluster, node),
        }),
      );
    }
    const expectations = experiment.expect(scene);
    const repeats = measured.map(({ requests: _, ...rest }, at): Repeat => ({
      log: `repeat-${at + 1}.csv`,
      ...rest,
    }));
    const figures = repeats.map((repeat) => repeat.figures);
    const result: Result = {
      experiment: experiment.name,
      title: experiment.title,
      control: experiment.control ?? false,
      started,
      ...conditions,
      policy: await policyInForce(lab),
      repeats,
      summary: summaryOf(figures),
      verdict: judge(expectations, figures, repeats.every(isSound)),
    };
    return { result, folder: write(result, measured, options.folder) };
  } finally {
    await meddling.undo();
    if (options.keep !== true) await uninstall(lab);
  }
}

/** A folder of its own for each run, named by its start. */
function write(result: Result, measured: readonly Measured[], folder: string): string {
  const own = join(folder, result.experiment, result.started.replace(/\.\d+Z$/, "Z").replaceAll(":", "-"));
  mkdirSync(own, { recursive: true });
  const shown = medianRepeat(result);
  for (const [at, { requests, origin }] of measured.entries()) {
    const repeat = result.repeats[at];
    if (repeat === undefined) continue;
    writeFileSync(join(own, repeat.log), toCsv(requests, origin));
    if (repeat === shown) writeFileSync(join(own, "timeline.svg"), timelineSvg(result, repeat, requests));
  }
  writeFileSync(join(own, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(own, "report.md"), reportMarkdown(result));
  return own;
}
