/** What docs/en/performance.md and its Japanese twin show of a run: the latency before anything is done to the lab. */
import { conditionRows } from "../../lab/experiment/show/condition-tables.ts";
import { plain } from "../../lab/experiment/show/markdown.ts";
import * as words from "../../lab/experiment/show/words.ts";
import type { Result } from "../../lab/experiment/result.ts";
import { markdownTable } from "../../lab/plan/markdown.ts";
import { languages, type Language } from "./experiment-pages.ts";
import type { Part } from "./parts.ts";

/** Whose clients are answered by their own cluster before the fault. */
export const telling = "pod-kill";

export const latencyPart: Part = { open: "<!-- ours -->", close: "<!-- /ours -->" };

const says: Readonly<Record<Language, (link: string, repeats: number) => string>> = {
  en: (link, repeats) => `Before the fault of ${link}, the median of ${repeats} repeats and the range:`,
  ja: (link, repeats) => `${link} の障害の前の、${repeats} 回の反復の中央値と範囲です。`,
};

export function latencyText(result: Result, language: Language): string {
  const rows = result.load.clients.map((client) => [
    plain(words.clientName(client)),
    ...(["p50", "p99"] as const).map((percentile) => {
      const values = result.repeats.map(({ figures }) => figures[client]?.latency.before?.[percentile] ?? null);
      return words.spreadOf(values, words.duration, words.notMeasured);
    }),
  ]);
  const latencies = markdownTable(["client", "p50 before the fault", "p99 before the fault"], rows);
  const conditions = markdownTable(["measured under", ""], conditionRows(result));
  const { experiment, repeats } = result;
  return [
    says[language](`[${experiment}](experiments/${experiment}.md)`, repeats.length),
    "",
    languages[language].written([...latencies, "", ...conditions].join("\n")),
  ].join("\n");
}
