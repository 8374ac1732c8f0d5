/** How figures are called and written, in one place: reports, comparisons and pictures say the same. */
import { extent, median } from "d3-array";
import { plural } from "../../plan/words.ts";
import type { Expectation, FigureName, Summary } from "../measure/verdict.ts";
import type { Result } from "../result.ts";

type Unit = "count" | "duration" | "share";

interface FigureWords {
  /** A count says here what it counts; durations and shares carry their unit with each number. */
  readonly label: string;
  readonly unit: Unit;
  /** Whether the figure is the time until something happens, which may never happen. */
  readonly event?: "of the fault" | "of the undo";
}

const figures: Readonly<Record<FigureName, FigureWords>> = {
  failed: { label: "failed requests", unit: "count" },
  failedAgain: { label: "failed at an endpoint that had answered badly before", unit: "count" },
  failedShare: { label: "share of requests that failed", unit: "share" },
  late: { label: "late requests", unit: "count" },
  firstError: { label: "from the fault to the first error", unit: "duration", event: "of the fault" },
  firstFromElsewhere: {
    label: "from the fault to the first good answer from elsewhere",
    unit: "duration",
    event: "of the fault",
  },
  steadyAfterFault: { label: "from the fault to steady state", unit: "duration", event: "of the fault" },
  steadyAfterUndo: { label: "from the undo to steady state", unit: "duration", event: "of the undo" },
  restored: { label: "from the fault until all is back", unit: "duration" },
  failBack: { label: "from the undo to fail-back", unit: "duration", event: "of the undo" },
  moves: { label: "changes of the cluster that answers most", unit: "count" },
  p99During: { label: "p99 latency from fault to undo", unit: "duration" },
  failureP99: { label: "p99 latency of failed requests", unit: "duration" },
  homeShareDuring: { label: "share answered from home from fault to undo", unit: "share" },
};

/** In the order in which tables show them. */
export const shownFigures = Object.keys(figures) as FigureName[];

export const figureLabel = (figure: FigureName): string => figures[figure].label;

/** For what there is no measurement of. */
export const notMeasured = "—";

/** Requests that the load did not send in time, by repeat, from 1, and client; where there were none, nothing. */
export const droppedOf = ({ repeats }: Result) =>
  repeats.flatMap(({ dropped }, index) =>
    Object.entries(dropped).flatMap(([client, requests]) =>
      requests === 0 ? [] : [{ repeat: index + 1, client: clientName(client), requests }],
    ),
  );

/** Thousands are set off by commas; no trailing zeros. */
export const count = (value: number): string => value.toLocaleString("en-GB", { maximumFractionDigits: 1 });

/** Milliseconds below ten seconds, seconds with one digit from there on. */
export function duration(milliseconds: number): string {
  if (Math.round(milliseconds) >= 10_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const digits = milliseconds < 10 ? 1 : 0;
  return `${milliseconds.toLocaleString("en-GB", { maximumFractionDigits: digits })} ms`;
}

/** A share from 0 to 1 as a percentage. What is not quite all or nothing never looks as if it were. */
export function percentage(share: number): string {
  if (share > 0 && share < 0.000_005) return "below 0.001 %";
  if (share < 1 && share > 0.999_995) return "above 99.999 %";
  return `${hundredths(share, Math.min(share, 1 - share))} %`;
}

/** Three digits after the point where one would hide what there is. */
const hundredths = (share: number, distance: number): string =>
  (share * 100).toLocaleString("en-GB", { maximumFractionDigits: distance < 0.01 ? 3 : 1 });

const writers: Readonly<Record<Unit, (value: number) => string>> = { count, duration, share: percentage };

export const figureValue = (figure: FigureName, value: number): string => writers[figures[figure].unit](value);

/** With its sign; shares differ by percentage points. */
export function figureDifference(figure: FigureName, difference: number): string {
  const { unit } = figures[figure];
  const write = (size: number): string => (unit === "share" ? `${hundredths(size, size)} points` : writers[unit](size));
  const text = write(Math.abs(difference));
  if (text === write(0)) return text;
  return `${difference < 0 ? "−" : "+"}${text}`;
}

/** What stands in place of a figure that was absent: an event that did not come, or a measurement that was not made. */
export function absentFigure(figure: FigureName, { repeats }: Pick<Result, "repeats">): string {
  const { event } = figures[figure];
  const undone = repeats.some(({ marks }) => marks.some(({ what }) => what === "undo"));
  return event === "of the fault" || (event === "of the undo" && undone) ? "never" : notMeasured;
}

/** The limit of an expectation, such as `at most 5,000 ms`. */
export function figureLimit({ figure, atMost, atLeast, never }: Expectation): string {
  if (never) return "never";
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${figureValue(figure, atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${figureValue(figure, atMost)}`]),
  ];
  return limits.length === 0 ? "any" : limits.join(" and ");
}

/** Median and range, such as `3 (1 to 5)`; one value alone where all are written alike. */
function spread(summary: Omit<Summary, "repeats">, write: (value: number) => string): string {
  const [middle, least, most] = [write(summary.median), write(summary.least), write(summary.most)];
  return least === most ? middle : `${middle} (${least} to ${most})`;
}

/** As `spread`, of numbers of which some repeats may have none. */
export function spreadOf(values: readonly (number | null)[], write: (value: number) => string, absent: string): string {
  const there = values.filter((value) => value !== null);
  const [least, most] = extent(there);
  const middle = median(there);
  if (least === undefined || middle === undefined) return absent;
  const text = spread({ median: middle, least, most }, write);
  return withMissing(text, absent, values.length - there.length, values.length);
}

/** A figure's median and range over the repeats of a result, and in how many of them it was absent. */
export function summaryOf(result: Result, client: string, figure: FigureName): string {
  const [summary, absent] = [result.summary[client]?.[figure], absentFigure(figure, result)];
  if (summary === undefined) return absent;
  const text = spread(summary, (value) => figureValue(figure, value));
  return withMissing(text, absent, result.repeats.length - summary.repeats, result.repeats.length);
}

function withMissing(text: string, absent: string, missing: number, repeats: number): string {
  if (missing === 0) return text;
  return `${text}; ${absent === "never" ? "never" : "none"} in ${missing} of ${repeats} repeats`;
}

/** Where a client stands, such as `client in east`. */
export const clientName = (client: string): string =>
  client === "outside" ? "client outside all clusters" : `client in ${client}`;

export const machineName = ({ cpu, cores, memoryGiB, kernel }: Result["machine"]): string =>
  `${plural(cores, "core")} of ${cpu}, ${memoryGiB} GiB, ${kernel}`;

/** A point in time given in ISO 8601, to the minute. */
export const minute = (iso: string): string => iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, "$1 $2 UTC");

/** A point in time given in milliseconds since 1970, to the millisecond. */
export const instant = (at: number): string => new Date(at).toISOString().replace("T", " ").replace("Z", " UTC");
