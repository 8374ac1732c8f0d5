/** Checks as people and programs read them. */
import { type Colours, outputColours } from "../plan/colours.ts";
import { plural } from "../plan/words.ts";
import { allHold, type Checked } from "./check.ts";

const marks = { ok: "✔", failed: "✘", skipped: "–" } as const;

/** A line a check; below a failure what to do and where to read. */
export function checkLines(checked: readonly Checked[], colours: Colours): string[] {
  const width = Math.max(0, ...checked.map(({ name }) => name.length));
  const paint = { ok: colours.green, failed: colours.red, skipped: colours.dim };
  return checked.flatMap((check) => {
    const line = `${paint[check.outcome](marks[check.outcome])} ${check.name.padEnd(width)}  `;
    if (check.outcome !== "failed") return [line + oneLine(check.says)];
    const indent = " ".repeat(width + 4);
    return [line + oneLine(check.cause), `${indent}fix: ${check.fix}`, `${indent}see: ${colours.cyan(check.page)}`];
  });
}

/** `2 checks failed, 9 passed, 3 were not asked.` */
export function summary(checked: readonly Checked[]): string {
  const count = (outcome: Checked["outcome"]) => checked.filter((each) => each.outcome === outcome).length;
  const failures = count("failed") === 0 ? "Nothing failed" : `${plural(count("failed"), "check")} failed`;
  return `${failures}, ${count("ok")} passed, ${count("skipped")} not asked.`;
}

export interface ReportOptions {
  /** Print one JSON document instead. */
  readonly json?: boolean;
}

/**
 * Prints to standard output.
 * @returns whether nothing failed
 */
export function printChecks(stack: string, checked: readonly Checked[], { json }: ReportOptions): boolean {
  const holds = allHold(checked);
  if (json === true) process.stdout.write(`${JSON.stringify({ stack, holds, checks: checked }, null, 2)}\n`);
  else {
    process.stdout.write([...checkLines(checked, outputColours()), "", summary(checked), ""].join("\n"));
  }
  return holds;
}

/** A message of a tool may have several lines. */
const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ");
