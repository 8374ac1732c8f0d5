/** The fault and its undo: a label for each above the panels, a line down through them. */
import { fit, textWidth } from "../../../plan/picture/text.ts";
import type { Mark } from "../../measure/figures.ts";
import type { Repeat } from "../../result.ts";
import { spanOf } from "./bins.ts";
import { add, addText, type Shape } from "./drawing.ts";
import type { Frame } from "./frame.ts";
import { paints } from "./palette.ts";

const laneHeight = 18;
const size = 12;
const gap = 6;

/** From top to bottom, in pixels. */
export type Stretch = readonly [top: number, bottom: number];

interface PlacedMark {
  readonly what: Mark["what"];
  /** Where its lines stand, in pixels; the same where it took no time that is seen. */
  readonly begin: number;
  readonly end: number;
  readonly label: string;
  /** As much of the label as there is room for, and from where to where it reaches. */
  readonly shown: string;
  readonly left: number;
  readonly right: number;
}

/** How far down the labels reach that begin at `top`, each in a lane of its own. */
export const markLanes = (top: number, { marks }: Repeat): Stretch => [top, top + laneHeight * marks.length];

/** Shades the time that each mark took, beneath all else. */
export function shadeMarks(root: Shape, frame: Frame, repeat: Repeat, panels: readonly Stretch[]): void {
  for (const { begin, end } of placed(frame, repeat))
    for (const [top, bottom] of panels)
      if (end > begin)
        add(root, "rect", { x: begin, y: top, width: end - begin, height: bottom - top, fill: paints.doing });
}

/** Writes what was done, and draws a line for it down through the panels. */
export function drawMarks(root: Shape, frame: Frame, repeat: Repeat, lanes: Stretch, panels: readonly Stretch[]): void {
  const marks = placed(frame, repeat);
  for (const [index, { what, begin, end, label, shown, left }] of marks.entries()) {
    const own = laneOf(lanes[0], index);
    const further = marks.slice(index + 1).flatMap((other, skipped) =>
      // A line passes the lanes of later marks where their labels leave room.
      begin > other.left - 2 && begin < other.right + 2 ? [] : [laneOf(lanes[0], index + 1 + skipped)],
    );
    const look = { stroke: paints.ink, "stroke-width": 1.5, "stroke-dasharray": what === "undo" ? "6 4" : "none" };
    for (const [top, bottom] of [own, ...further, ...panels]) {
      add(root, "line", { x1: begin, x2: begin, y1: top, y2: bottom, class: what, ...look });
    }
    for (const [top, bottom] of panels)
      if (end > begin) add(root, "line", { x1: end, x2: end, y1: top, y2: bottom, stroke: paints.quiet });
    const text = addText(root, shown, {
      x: left,
      y: own[0] + 13,
      "font-size": size,
      "font-weight": "bold",
      class: "mark",
    });
    if (shown !== label) add(text, "title", {}, label);
  }
}

/** The times of marks, in seconds since the fault began. */
export const markTimes = (repeat: Repeat): number[] =>
  repeat.marks.flatMap(({ begin, end }) => [begin, end]).map((at) => (at - spanOf(repeat).zero) / 1_000);

const laneOf = (top: number, index: number): Stretch => [top + laneHeight * index, top + laneHeight * (index + 1)];

function placed(frame: Frame, repeat: Repeat): PlacedMark[] {
  const { zero } = spanOf(repeat);
  const inside = (time: number): number => Math.min(frame.right, Math.max(frame.left, frame.x(time)));
  return repeat.marks.map(({ what, says, begin, end }) => {
    const [from, to] = [(begin - zero) / 1_000, (end - zero) / 1_000];
    const [x1, x2] = [inside(from), inside(to)];
    const when = seconds(to) === seconds(from) ? `at ${seconds(from)} s` : `${seconds(from)} to ${seconds(to)} s`;
    const label = `${what}, ${when}: ${says}`;
    return { what, begin: x1, end: x2 - x1 < 1 ? x1 : x2, label, ...labelBeside(frame, x1, label) };
  });
}

/** On the right of its line, where there is room or at least more than on the left. */
function labelBeside({ width }: Frame, x: number, label: string): Pick<PlacedMark, "shown" | "left" | "right"> {
  const [onLeft, onRight] = [x - 2 * gap, width - x - 2 * gap];
  const isRight = onRight >= Math.min(onLeft, textWidth(label, size, true));
  const shown = fit(label, isRight ? onRight : onLeft, size, true);
  const left = isRight ? x + gap : x - gap - textWidth(shown, size, true);
  return { shown, left, right: left + textWidth(shown, size, true) };
}

const seconds = (value: number): string => String(Math.round(value * 10) / 10);
