/** A strip above the requests in which no failure is too small to be seen, with how many there were. */
import { textWidth } from "../../../plan/picture/text.ts";
import { count } from "../words.ts";
import type { Bin } from "./bins.ts";
import { add, addText, type Shape } from "./drawing.ts";
import type { Frame } from "./frame.ts";
import { paints } from "./palette.ts";

export const stripHeight = 26;

const barHeight = 6;
const narrowest = 4;
/** Between a bar and the panel beneath it. */
const below = 3;
/** Labels begin beside the line of a mark, where most failures begin. */
const beside = 4;
const size = 12;

interface Run {
  /** Pixels. */
  readonly from: number;
  readonly to: number;
  readonly failed: number;
}

/** Draws the strip of one client below `top`. */
export function drawFailures(root: Shape, frame: Frame, top: number, bins: readonly Bin[]): void {
  const runs = runsOf(frame, bins);
  for (const { from, to, failed } of runs) {
    const place = { x: from, y: top + stripHeight - barHeight - below, width: to - from, height: barHeight };
    const bar = add(root, "rect", { ...place, fill: paints.failed, class: "failed" });
    add(bar, "title", {}, says(failed));
  }
  for (const { from, failed } of labelsOf(frame, runs)) {
    const place = { x: from, y: top + stripHeight - barHeight - below - 4, "font-size": size, "font-weight": "bold" };
    addText(root, says(failed), { ...place, fill: paints.failed, class: "failures" });
  }
}

const says = (failed: number): string => `${count(failed)} failed`;

/** Bins that follow each other with failures in each are one run. */
function runsOf({ x }: Frame, bins: readonly Bin[]): Run[] {
  const runs: Run[] = [];
  for (const [index, { from, to, failed }] of bins.entries()) {
    if (failed === 0) continue;
    const previous = (bins[index - 1]?.failed ?? 0) > 0 ? runs.pop() : undefined;
    const begin = previous?.from ?? x(from);
    runs.push({ from: begin, to: Math.max(x(to), begin + narrowest), failed: failed + (previous?.failed ?? 0) });
  }
  return runs;
}

/** One label for runs that are too near to each other for one each. */
function labelsOf({ right }: Frame, runs: readonly Run[]): { from: number; failed: number }[] {
  const labels: { from: number; failed: number }[] = [];
  const widthOf = (failed: number): number => textWidth(says(failed), size, true);
  for (const run of runs) {
    let label = { from: Math.min(run.from + beside, right - widthOf(run.failed)), failed: run.failed };
    let before = labels.at(-1);
    while (before !== undefined && before.from + widthOf(before.failed) + 8 > label.from) {
      labels.pop();
      const failed = before.failed + label.failed;
      label = { from: Math.min(before.from, right - widthOf(failed)), failed };
      before = labels.at(-1);
    }
    labels.push(label);
  }
  return labels;
}
