/** Whether a result says what its raw logs say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { figuresOf } from "../measure/figures.ts";
import { fromCsv } from "../measure/request.ts";
import { judge, summaryOf } from "../measure/verdict.ts";
import { isSound, type Repeat, type Result } from "../result.ts";

/** @returns what differs, in a sentence each; empty where every figure and the verdict follow from the logs */
export function differencesFromLogs(result: Result, folder: string): string[] {
  const figures = result.repeats.map((repeat) => figuresFrom(repeat, folder));
  const differing = result.repeats.flatMap((repeat, at) =>
    Object.entries(figures[at] ?? {}).flatMap(([client, own]) =>
      same(own, repeat.figures[client])
        ? []
        : [`The figures of the client in ${client} are not those of ${repeat.log}.`],
    ),
  );
  const expectations = new Set(result.verdict.checks.map(({ expectation }) => JSON.stringify(expectation)));
  const verdict = judge(
    [...expectations].map((text) => JSON.parse(text) as Result["verdict"]["checks"][number]["expectation"]),
    figures,
    result.repeats.every(isSound),
  );
  return [
    ...differing,
    ...(same(summaryOf(figures), result.summary) ? [] : ["The summary is not that of the logs."]),
    ...(same(verdict, result.verdict) ? [] : ["The verdict is not that of the logs."]),
  ];
}

/** By client. */
function figuresFrom({ log, origin, end, marks, figures }: Repeat, folder: string) {
  const requests = fromCsv(readFileSync(join(folder, log), "utf8"), origin);
  return Object.fromEntries(
    Object.keys(figures).map((client) => [
      client,
      figuresOf(
        requests.filter((request) => request.client === client),
        marks,
        end,
      ),
    ]),
  );
}

/** As it comes back out of a file. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

const same = (one: unknown, other: unknown): boolean => isDeepStrictEqual(plain(one), plain(other));
