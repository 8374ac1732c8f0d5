/** Whether a result says what its raw logs say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { figuresOf } from "../measure/figures.ts";
import { fromCsv } from "../measure/request.ts";
import { judge } from "../measure/verdict.ts";
import type { Repeat, Result } from "../result.ts";

/** @returns what differs, in a sentence each; empty where every figure and the verdict follow from the logs */
export function differencesFromLogs(result: Result, folder: string): string[] {
  const repeats = result.repeats.map((repeat) => ({ repeat, figures: figuresFrom(repeat, folder) }));
  const differing = repeats.flatMap(({ repeat, figures }) =>
    Object.entries(figures).flatMap(([client, own]) =>
      isDeepStrictEqual(plain(own), plain(repeat.figures[client]))
        ? []
        : [`The figures of the client in ${client} are not those of ${repeat.log}.`],
    ),
  );
  const expectations = new Set(result.verdict.checks.map(({ expectation }) => JSON.stringify(expectation)));
  const verdict = judge(
    [...expectations].map((text) => JSON.parse(text) as Result["verdict"]["checks"][number]["expectation"]),
    repeats.map(({ figures }) => figures),
    result.repeats.every(({ unsteady }) => unsteady === undefined),
  );
  return isDeepStrictEqual(plain(verdict), plain(result.verdict))
    ? differing
    : [...differing, "The verdict is not that of the logs."];
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
