/** Those parts of the pages in docs/en/experiments that are written by a program: from the code, and from a result. */
import { markdownTable } from "../../plan/markdown.ts";
import { plural } from "../../plan/words.ts";
import type { Experiment } from "../experiment.ts";
import type { Expectation } from "../measure/verdict.ts";
import type { Result } from "../result.ts";
import { conditionRows } from "./condition-tables.ts";
import { plain } from "./markdown.ts";
import { expectationHead, expectationRows, pictureLines, verdictLines } from "./report.ts";
import * as words from "./words.ts";

/** What must hold, as it is fixed before any run. */
export function expectedMarkdown(expectations: readonly Expectation[]): string {
  const rows = expectations.map((expectation) => [
    words.figureLabel(expectation.figure),
    expectation.client === undefined ? "each client" : plain(words.clientName(expectation.client)),
    words.figureLimit(expectation),
  ]);
  return markdownTable(["figure", "client", "expected"], rows).join("\n");
}

/** @param picture of the median repeat, as the page has to name it */
export function measuredMarkdown(result: Result, picture: string): string {
  const clusters = result.clusters.map(
    ({ name, kubernetes, nodes, zones }) =>
      `${name}: Kubernetes ${kubernetes}, ${plural(nodes, "node")} in ${plural(zones.length, "zone")}`,
  );
  const conditions = [
    ...conditionRows(result),
    ["clusters", plain(clusters.join("; "))],
    ["repeats", words.count(result.repeats.length)],
  ];
  return [
    ...verdictLines(result),
    ...markdownTable(expectationHead, expectationRows(result)),
    "",
    "Measured is the median of the repeats, with the range in brackets where they differ.",
    "",
    ...pictureLines(result, picture),
    ...markdownTable(["measured under", ""], conditions),
  ].join("\n");
}

/** The words of the table of all experiments. */
export interface ListWords {
  readonly head: readonly string[];
  readonly control: string;
}

/**
 * @param titleOf what an experiment does, as its page says it
 * @param measured the verdict that the experiment's page shows, or that there is none
 */
export function listMarkdown(
  experiments: readonly Experiment[],
  titleOf: (experiment: Experiment) => string,
  measured: (name: string) => string,
  words: ListWords,
): string {
  const rows = experiments.map((experiment) => [
    `[${experiment.name}](${experiment.name}.md)`,
    plain(`${titleOf(experiment)}${experiment.control ? words.control : ""}`),
    measured(experiment.name),
  ]);
  return markdownTable(words.head, rows).join("\n");
}
