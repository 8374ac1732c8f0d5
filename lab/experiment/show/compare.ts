/** Two runs of one experiment side by side: what they depended on, then what was measured. */
import { UsageError } from "../../plan/usage-error.ts";
import type { FigureName, Summary } from "../measure/verdict.ts";
import type { Result } from "../result.ts";
import { differencesOf } from "./conditions.ts";
import { plain, tableSection } from "./markdown.ts";
import { reasonsOf, verdictWord } from "./verdict-words.ts";
import * as words from "./words.ts";

/** @throws UsageError where the runs are of different experiments */
export function compareMarkdown(a: Result, b: Result): string {
  if (a.experiment !== b.experiment) throw new UsageError(refusal(a, b));
  const differences = differencesOf(a, b).map(({ condition, ...each }) => [condition, each.a, each.b].map(plain));
  return [
    `# ${plain(a.experiment)}: two runs`,
    "",
    ...[runLine("A", a), runLine("B", b)],
    "",
    ...(differences.length === 0
      ? ["## What differs", "", "Nothing: versions, policy, topology, machine, load and expectations are the same.", ""]
      : tableSection("What differs", ["condition", "A", "B"], differences)),
    ...figureSection(a, b),
  ].join("\n");
}

function refusal(a: Result, b: Result): string {
  return [
    `The first result is of the experiment ${a.experiment}, the second of ${b.experiment}.`,
    "Figures of different experiments say nothing about each other.",
    `Give two results of one experiment, such as two folders of out/experiments/${a.experiment}.`,
  ].join(" ");
}

const runLine = (name: string, result: Result): string =>
  `- **${name}**, ${words.minute(result.started)}: **${verdictWord(result)}**. ${plain(reasonsOf(result).join(" "))}`;

function figureSection(a: Result, b: Result): string[] {
  const clients = [...new Set([...a.load.clients, ...b.load.clients])];
  const rows = clients.flatMap((client) => words.shownFigures.map((figure) => figureRow(a, b, client, figure)));
  const head = ["client", "figure", "A", "B", "B less A", "ranges"];
  const explained = [
    "Median and range over the repeats, and the difference of the medians. Ranges that lie apart don't prove that a",
    "difference is no accident, and ranges that overlap don't prove that there is none: more repeats say more.",
    "",
  ];
  return [...tableSection("Figures", head, rows), ...explained];
}

function figureRow(a: Result, b: Result, client: string, figure: FigureName): string[] {
  const [ours, theirs] = [a.summary[client]?.[figure], b.summary[client]?.[figure]];
  const cell = (result: Result): string =>
    result.load.clients.includes(client) ? words.summaryOf(result, client, figure) : words.notMeasured;
  const difference = ours && theirs ? words.figureDifference(figure, theirs.median - ours.median) : words.notMeasured;
  return [
    plain(words.clientName(client)),
    words.figureLabel(figure),
    cell(a),
    cell(b),
    difference,
    ranges(a, b, ours, theirs),
  ];
}

/** Whether the ranges overlap, where both runs have a range. */
function ranges(a: Result, b: Result, ours: Summary | undefined, theirs: Summary | undefined): string {
  if (ours === undefined || theirs === undefined) return words.notMeasured;
  if (ours.repeats < a.repeats.length || theirs.repeats < b.repeats.length) return "not in every repeat";
  if (ours.repeats === 1 || theirs.repeats === 1) return "one repeat: no range";
  return ours.least <= theirs.most && theirs.least <= ours.most ? "ranges overlap" : "ranges apart";
}
