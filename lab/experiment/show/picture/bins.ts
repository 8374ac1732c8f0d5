/** What a timeline draws: the requests of a client, counted in equal steps of time. */
import { quantileSorted, rollup, sort } from "d3-array";
import type { Percentiles } from "../../measure/figures.ts";
import { succeeded, type Request } from "../../measure/request.ts";
import type { Repeat } from "../../result.ts";

export const binMilliseconds = 250;

/** Good answers that don't say where they came from. */
export const unnamed = "";

export interface Bin {
  /** Seconds since the fault began. */
  readonly from: number;
  readonly to: number;
  /** Good answers to the requests that were sent in this time, by the cluster that answered. */
  readonly answered: ReadonlyMap<string, number>;
  readonly failed: number;
  /** Of all requests that were sent in this time, failed ones too; absent where there were none. */
  readonly latency: Percentiles | undefined;
}

/**
 * Counts each request once, in the bin in which it was sent. Bins begin at multiples of `binMilliseconds` from the
 * fault; the first and the last also take what is left over at the ends of the load, so that none is too short for a
 * rate.
 * @param requests of one client
 */
export function binsOf(requests: readonly Request[], repeat: Pick<Repeat, "origin" | "end" | "marks">): Bin[] {
  const { zero, begin, end } = spanOf(repeat);
  const first = Math.ceil(begin / binMilliseconds);
  const last = Math.max(first, Math.floor(end / binMilliseconds) - 1);
  const binAt = (start: number): number =>
    Math.min(last, Math.max(first, Math.floor((start - zero) / binMilliseconds)));
  const sent = Map.groupBy(requests, ({ start }) => binAt(start));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const bin = first + index;
    const from = bin === first ? begin : bin * binMilliseconds;
    const to = bin === last ? end : (bin + 1) * binMilliseconds;
    return { from: from / 1_000, to: to / 1_000, ...counted(sent.get(bin) ?? []) };
  });
}

/**
 * From when to when there was load, in milliseconds after `zero`, when the fault began, in milliseconds since 1970.
 * Never shorter than a bin.
 */
export function spanOf({ origin, end, marks }: Pick<Repeat, "origin" | "end" | "marks">) {
  const fault = marks.find(({ what }) => what === "fault");
  if (fault === undefined) throw new Error("there is no timeline without a fault: it counts from there");
  const zero = fault.begin;
  return { zero, begin: origin - zero, end: Math.max(end, origin + binMilliseconds) - zero };
}

/** Requests per second. */
export const rate = (requests: number, { from, to }: Bin): number => requests / (to - from);

function counted(requests: readonly Request[]): Pick<Bin, "answered" | "failed" | "latency"> {
  const good = requests.filter(succeeded);
  return {
    answered: rollup(
      good,
      (each) => each.length,
      ({ answered }) => answered?.cluster ?? unnamed,
    ),
    failed: requests.length - good.length,
    latency: percentiles(requests),
  };
}

function percentiles(requests: readonly Request[]): Percentiles | undefined {
  const sorted = sort(requests.map(({ latency }) => latency));
  const [p50, p99] = [quantileSorted(sorted, 0.5), quantileSorted(sorted, 0.99)];
  return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
}
