/** What was measured, in tables: a cell is the median of the repeats with its range. */
import { markdownTable } from "../../plan/markdown.ts";
import { plural } from "../../plan/words.ts";
import type { Figures, Phases } from "../measure/figures.ts";
import type { Result } from "../result.ts";
import { plain, tableSection } from "./markdown.ts";
import * as words from "./words.ts";

export const figureSections = (result: Result): string[] => [
  ...figureSection(result),
  ...latencySection(result),
  ...shareSection(result),
];

const clientHeads = (result: Result): string[] => clientsOf(result).map((client) => plain(words.clientName(client)));

/** Those of the load, and any other that there are figures of. */
function clientsOf({ load, repeats }: Result): string[] {
  return [...new Set([...load.clients, ...repeats.flatMap(({ figures }) => Object.keys(figures))])];
}

function figureSection(result: Result): string[] {
  const { repeats } = result;
  const rows = words.shownFigures.map((figure) => [
    words.figureLabel(figure),
    ...clientsOf(result).map((client) => words.summaryOf(result, client, figure)),
  ]);
  const sent = [
    "requests since the fault",
    ...clientsOf(result).map((client) => cell(result, client, ({ sent }) => sent, words.count)),
  ];
  const late = [
    "late means slower than",
    ...clientsOf(result).map((client) => cell(result, client, ({ lateBeyond }) => lateBeyond, words.duration)),
  ];
  return [
    "## Figures",
    "",
    `Of ${plural(repeats.length, "repeat")}: the median, and where repeats differ, the range. Failed are requests that were answered with`,
    "something else than 2xx or not at all; late are those that were answered well, but slower than 99.9 % of them were before",
    "the fault. Steady state is 99.9 % good answers over five seconds, fail-back a second with 95 % of them from home, the",
    "cluster that answered most before the fault.",
    "",
    ...markdownTable(["figure", ...clientHeads(result)], [sent, ...rows, late]),
    "",
  ];
}

/** Median and range over the repeats of what a client has in each. */
function cell(
  { repeats }: Result,
  client: string,
  read: (figures: Figures) => number | undefined,
  write: (value: number) => string,
): string {
  const values = repeats.map(({ figures }) => {
    const own = figures[client];
    return (own && read(own)) ?? null;
  });
  return words.spreadOf(values, write, words.notMeasured);
}

const phases: readonly (keyof Phases<unknown>)[] = ["before", "during", "after"];

function latencySection(result: Result): string[] {
  const percentiles = ["p50", "p99"] as const;
  const rows = clientsOf(result).flatMap((client) =>
    percentiles.map((percentile) => [
      plain(words.clientName(client)),
      percentile,
      ...phases.map((phase) => cell(result, client, ({ latency }) => latency[phase]?.[percentile], words.duration)),
      cell(result, client, ({ failureLatency }) => failureLatency?.[percentile], words.duration),
    ]),
  );
  const head = ["client", "of all requests", "before the fault", "from fault to undo", "after", "of failed requests"];
  return tableSection("Latency", head, rows);
}

function shareSection(result: Result): string[] {
  const rows = clientsOf(result).flatMap((client) =>
    answeringClusters(result, client).map((cluster) => [
      plain(words.clientName(client)),
      cluster === "nobody" ? "not said" : plain(cluster),
      ...phases.map((phase) => cell(result, client, (figures) => shareOf(figures, phase, cluster), words.percentage)),
    ]),
  );
  const head = ["client", "good answers from", "before the fault", "from fault to undo", "after"];
  return tableSection("Who answered", head, rows);
}

function answeringClusters({ repeats }: Result, client: string): string[] {
  const shares = repeats.flatMap(({ figures }) => {
    const own = figures[client];
    return own ? phases.map((phase) => own.shares[phase]) : [];
  });
  return [...new Set(shares.flatMap((each) => Object.keys(each)))].sort();
}

/** Nothing of no good answers is no share. */
function shareOf({ shares }: Figures, phase: keyof Phases<unknown>, cluster: string): number | undefined {
  return Object.keys(shares[phase]).length === 0 ? undefined : (shares[phase][cluster] ?? 0);
}
