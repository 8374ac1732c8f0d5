/** What was measured against what was promised. */
import { ratios, sample, type Sample } from "./statistics.ts";

/** One promise: `subject` takes at most `limit` times what `reference` takes. Values of one index were measured in turn. */
export interface Comparison {
  readonly what: string;
  readonly unit: string;
  readonly subject: readonly number[];
  readonly reference: readonly number[];
  /** Undefined: shown, not promised. */
  readonly limit: number | undefined;
}

export function holds({ subject, reference, limit }: Comparison): boolean {
  return limit === undefined || ratios(subject, reference).median <= limit;
}

/** A table of all comparisons with median, range, ratio, limit and verdict. */
export function table(comparisons: readonly Comparison[]): string {
  const header = ["", "measured", "compared with", "ratio", "limit", ""];
  const rows = comparisons.map((comparison) => {
    const { what, unit, subject, reference, limit } = comparison;
    return [
      what,
      `${show(sample(subject))} ${unit}`,
      `${show(sample(reference))} ${unit}`,
      show(ratios(subject, reference)),
      limit === undefined ? "-" : limit.toFixed(2),
      limit === undefined ? "shown only" : holds(comparison) ? "ok" : "BROKEN",
    ];
  });
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line).join("\n");
}

/** `1.23 (1.10-1.40)`: median and range. */
function show({ median, min, max }: Sample): string {
  const digits = median >= 100 ? 0 : 2;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}

/** Closing lines as mocha prints them, which the suite runner counts. */
export function closing(comparisons: readonly Comparison[]): string {
  const promised = comparisons.filter(({ limit }) => limit !== undefined);
  const broken = promised.filter((comparison) => !holds(comparison)).length;
  return `  ${promised.length - broken} passing${broken > 0 ? `\n  ${broken} failing` : ""}`;
}

/** 0 when every promise holds, else 1. */
export function exitCode(comparisons: readonly Comparison[]): number {
  return comparisons.every(holds) ? 0 : 1;
}
