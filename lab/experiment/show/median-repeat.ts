import { ascending, sum } from "d3-array";
import type { Repeat, Result } from "../result.ts";

/**
 * The repeat that stands for all: the middle one by failed requests of all clients; among equals, by the time until the
 * last client was steady again, after the fault and then after the undo. Of an even number, the better of the two in
 * the middle.
 * @throws Error where there is no repeat
 */
export function medianRepeat({ experiment, repeats }: Pick<Result, "experiment" | "repeats">): Repeat {
  const ordered = repeats.toSorted(
    (a, b) =>
      ascending(failures(a), failures(b)) ||
      ascending(slowest(a, "steadyAfterFault"), slowest(b, "steadyAfterFault")) ||
      ascending(slowest(a, "steadyAfterUndo"), slowest(b, "steadyAfterUndo")),
  );
  const middle = ordered[Math.floor((ordered.length - 1) / 2)];
  if (middle === undefined) throw new Error(`the result of ${experiment} holds no repeat`);
  return middle;
}

const failures = ({ figures }: Repeat): number => sum(Object.values(figures), ({ failed }) => failed);

/** A client that was never steady again is slower than any. */
const slowest = ({ figures }: Repeat, figure: "steadyAfterFault" | "steadyAfterUndo"): number =>
  Math.max(...Object.values(figures).map((each) => each[figure] ?? Infinity));
