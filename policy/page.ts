/** docs/en/policies.md and docs/ja/policies.md, which a test compares with this. */
import { notApplicable } from "./cis-eks.ts";
import { policies } from "./catalogue.ts";
import { sentences as english } from "./en.ts";
import { exceptions } from "./exceptions.ts";
import * as japanese from "./ja.ts";

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");

export function policyPage(language: "en" | "ja"): string {
  const inEnglish = language === "en";
  const sentences = inEnglish ? english : japanese.sentences;
  const rows = Object.entries(policies).map(([id, { what, source, severity, cis, inTestsAlone }]) => [
    `\`${id}\``,
    inEnglish ? what : (japanese.what[id] ?? what),
    inEnglish ? severity : japanese.severities[severity],
    inTestsAlone === true ? sentences.inTestsAlone : sentences.inPackAndTests,
    `[${cis === undefined ? new URL(source).hostname : `CIS ${cis}`}](${source})`,
  ]);
  const excused = exceptions.map(({ policy, about, reason }) => [
    `\`${policy}\``,
    `\`${about.source}\``,
    inEnglish ? reason : (japanese.reasons[reason] ?? reason),
  ]);
  const left = Object.entries(notApplicable).map(([id, reason]) => [
    `\`${id}\``,
    inEnglish ? reason : (japanese.notApplicable[id] ?? reason),
  ]);
  return [
    sentences.intro,
    sentences.all(rows.length),
    table(sentences.policyColumns, rows),
    sentences.exceptions,
    table(sentences.exceptionColumns, excused),
    sentences.notApplicable,
    table(sentences.notApplicableColumns, left),
    "",
  ].join("\n");
}
