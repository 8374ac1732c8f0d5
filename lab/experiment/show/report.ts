/** A finished experiment in Markdown: the verdict first, then what was measured, then what it depends on. */
import type { Check } from "../measure/verdict.ts";
import type { Result } from "../result.ts";
import { conditionSections } from "./condition-tables.ts";
import { figureSections } from "./figure-tables.ts";
import { plain, tableSection } from "./markdown.ts";
import { medianRepeat } from "./median-repeat.ts";
import { reasonsOf, verdictWord } from "./verdict-words.ts";
import * as words from "./words.ts";

/** The text of `report.md`, which stands beside `timeline.svg`, the picture of the median repeat, and the raw logs. */
export function reportMarkdown(result: Result): string {
  return [
    `# ${plain(result.experiment)}: ${plain(result.title)}`,
    "",
    ...verdictLines(result),
    ...pictureLines(result, "timeline.svg"),
    ...tableSection("Expectations", expectationHead, expectationRows(result)),
    ...figureSections(result),
    ...conditionSections(result),
  ].join("\n");
}

/** The verdict and why, with an empty line at the end. */
export function verdictLines(result: Result): string[] {
  const [first = "", ...more] = reasonsOf(result).map(plain);
  const word = verdictWord(result).replace(/^./, (letter) => letter.toUpperCase());
  return [
    ...(more.length === 0
      ? [`**${word}.** ${first}`]
      : [`**${word}.**`, "", ...[first, ...more].map((each) => `- ${each}`)]),
    "",
    ...(result.control
      ? ["This is a control: what it does must fail, which shows that the measurement notices such a failure.", ""]
      : []),
  ];
}

/** @param file the picture, as the document has to name it */
export function pictureLines({ experiment, repeats }: Result, file: string): string[] {
  const shown = repeats.indexOf(medianRepeat({ experiment, repeats })) + 1;
  const which = repeats.length === 1 ? "the only repeat" : `repeat ${shown} of ${repeats.length}`;
  const why =
    repeats.length === 1
      ? []
      : ["The picture shows the median repeat by failed requests, then by time to steady state.", ""];
  return [`![Timeline of ${which}](${file})`, "", ...why];
}

export const expectationHead: readonly string[] = ["figure", "client", "expected", "measured", "holds", "because"];

/** A row for each expectation of each client. */
export const expectationRows = (result: Result): string[][] =>
  result.verdict.checks.map((check) => expectationRow(check, result));

function expectationRow({ expectation, client, measured, holds }: Check, result: Result): string[] {
  const { figure, because } = expectation;
  return [
    words.figureLabel(figure),
    plain(words.clientName(client)),
    words.figureLimit(expectation),
    words.spreadOf(measured, (value) => words.figureValue(figure, value), words.absentFigure(figure, result)),
    holds ? "yes" : "**no**",
    because,
  ];
}
