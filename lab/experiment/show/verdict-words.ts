/** The verdict in words: a control is to fail. */
import { plural } from "../../plan/words.ts";
import type { Check } from "../measure/verdict.ts";
import type { Result } from "../result.ts";
import * as words from "./words.ts";

export function verdictWord({ control, verdict }: Result): string {
  const [good, bad] = control ? ["failed as predicted", "did not fail as predicted"] : ["holds", "does not hold"];
  return verdict.holds ? good : bad;
}

/** A sentence for each thing that does not hold, with its figure; where all hold, one for them all. */
export function reasonsOf(result: Result): string[] {
  const { checks } = result.verdict;
  if (checks.length === 0) return ["Nothing was expected, so nothing can hold."];
  const unsteady = result.repeats.flatMap((repeat, at) =>
    repeat.unsteady === undefined ? [] : [`At the end of repeat ${at + 1} the lab was not steady: ${repeat.unsteady}.`],
  );
  const uneven = words
    .droppedOf(result)
    .map(
      ({ repeat, client, requests }) =>
        `In repeat ${repeat} the ${client} did not send ${plural(requests, "request")} in time.`,
    );
  const broken = checks.filter(({ holds }) => !holds).map((check) => reasonOf(check, result));
  const all = [...broken, ...uneven, ...unsteady];
  return all.length === 0 ? [`All of it held in ${plural(result.repeats.length, "repeat")}.`] : all;
}

function reasonOf({ expectation, client, measured }: Check, result: Result): string {
  const { figure } = expectation;
  const write = (value: number): string => words.figureValue(figure, value);
  const found = words.spreadOf(measured, write, words.absentFigure(figure, result));
  const sentence = `${words.figureLabel(figure)}, ${words.clientName(client)}: ${found}; expected ${words.figureLimit(expectation)}.`;
  return sentence.replace(/^./, (first) => first.toUpperCase());
}
