/** What the requests of one client say about one repeat of an experiment. Pure: a raw log in, figures out. */
import { greatest, quantileSorted, rollup, rollups, sort } from "d3-array";
import { byStart, ended, succeeded, type Request } from "./request.ts";

/** What was done to the lab, and when. Milliseconds since 1970, by the clock of whoever did it. */
export interface Mark {
  readonly what: "fault" | "undo";
  /** In words, such as `helloworld of east to 0 replicas`. */
  readonly says: string;
  readonly begin: number;
  /** When it was done: a rotation takes a while. */
  readonly end: number;
}

/** Milliseconds. Absent where there were no requests. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** A value for each phase of a repeat: before the fault, from it to the undo, and from the undo on. */
export interface Phases<T> {
  readonly before: T;
  readonly during: T;
  readonly after: T;
}

/** Durations are in milliseconds after the fault began or after the undo was done. */
export interface Figures {
  /** Requests that were under way when the fault began, or sent later. */
  readonly sent: number;
  /** Of these, answered with something else than 2xx, or not at all. */
  readonly failed: number;
  /**
   * Of these that failed, sent to an endpoint more than 100 ms after its first bad answer had arrived: an ejection takes a
   * proxy's threads a moment.
   */
  readonly failedAgain: number;
  /** Of these, answered well but later than `lateBeyond`. */
  readonly late: number;
  /** The 99.9th percentile of latency before the fault: the fault-free control of the same run. */
  readonly lateBeyond: number;
  /** From the fault to the end of the first request that failed; absent where none did. */
  readonly firstError?: number;
  /** From the fault to the first good answer from another cluster than the one that mostly answered before. */
  readonly firstFromElsewhere?: number;
  /**
   * From the fault to when any five seconds from then to the undo have 99.9 % of their requests succeed; absent where
   * the last five before the undo have not.
   */
  readonly steadyAfterFault?: number;
  /** As `steadyAfterFault`, from the undo to the end. */
  readonly steadyAfterUndo?: number;
  /** From the fault to the end of its undo: when all that it had taken away is back. Absent without an undo. */
  readonly restored?: number;
  /** From the undo to the first second whose good answers come to 95 % from where they came before the fault. */
  readonly failBack?: number;
  /** How often the cluster that answers most changed from one second to the next, since a second before the fault. */
  readonly moves: number;
  readonly latency: Phases<Percentiles | undefined>;
  /** How long a request took that failed. */
  readonly failureLatency?: Percentiles;
  /** Which part of the good answers came from which cluster, from 0 to 1. */
  readonly shares: Phases<Readonly<Record<string, number>>>;
}

/** https://sre.google/sre-book/service-level-objectives/ calls such a target three nines. */
export const steadyShare = 0.999;
export const steadyWindow = 5_000;
const homeShare = 0.95;
const ejectionTime = 100;
const second = 1_000;

/**
 * @param requests of one client, in any order
 * @param marks the fault, and the undo where there was one
 * @param end when the load ended, in milliseconds since 1970
 */
export function figuresOf(requests: readonly Request[], marks: readonly Mark[], end: number): Figures {
  const fault = marks.find(({ what }) => what === "fault");
  if (fault === undefined) throw new Error("there are no figures without a fault");
  const undo = marks.find(({ what }) => what === "undo");
  const all = sort(requests, ({ start }) => start);
  const before = all.filter((request) => ended(request) < fault.begin);
  const counted = all.filter((request) => ended(request) >= fault.begin);
  const during = counted.filter(({ start }) => start < (undo?.begin ?? end));
  const after = counted.filter(({ start }) => undo !== undefined && start >= undo.begin);
  const home = mostly(before);
  const lateBeyond = quantileSorted(latencies(before), 0.999) ?? 0;
  const failures = counted.filter((request) => !succeeded(request));
  const firstError = Math.min(...failures.map(ended)) - fault.begin;
  const elsewhere = counted.filter((request) => succeeded(request) && clusterOf(request) !== home);
  const firstFromElsewhere = Math.min(...elsewhere.map(ended)) - fault.begin;
  const untilUndo = steadyAfter(all, fault.begin, undo?.begin ?? end);
  const untilEnd = undo && steadyAfter(all, undo.end, end);
  const back = undo && backHome(all, home, undo.end, end);
  const failureLatency = percentiles(failures);
  return {
    sent: counted.length,
    failed: failures.length,
    failedAgain: failuresAgain(failures),
    late: counted.filter((request) => succeeded(request) && request.latency > lateBeyond).length,
    lateBeyond,
    ...(Number.isFinite(firstError) ? { firstError } : {}),
    ...(Number.isFinite(firstFromElsewhere) ? { firstFromElsewhere } : {}),
    ...(untilUndo === undefined ? {} : { steadyAfterFault: untilUndo }),
    ...(untilEnd === undefined ? {} : { steadyAfterUndo: untilEnd }),
    ...(undo === undefined ? {} : { restored: undo.end - fault.begin }),
    ...(back === undefined ? {} : { failBack: back }),
    moves: movesOf(all, fault.begin - second, end),
    latency: { before: percentiles(before), during: percentiles(during), after: percentiles(after) },
    ...(failureLatency === undefined ? {} : { failureLatency }),
    shares: { before: shares(before), during: shares(during), after: shares(after) },
  };
}

function failuresAgain(failures: readonly Request[]): number {
  const first = rollup(
    failures.filter(({ answered }) => answered !== undefined),
    (all) => Math.min(...all.map(ended)),
    ({ answered }) => answered?.pod,
  );
  return failures.filter(
    ({ answered, start }) => answered && start > (first.get(answered.pod) ?? Infinity) + ejectionTime,
  ).length;
}

const clusterOf = ({ answered }: Request): string => answered?.cluster ?? "nobody";

const latencies = (requests: readonly Request[]): number[] => sort(requests.map(({ latency }) => latency));

function percentiles(requests: readonly Request[]): Percentiles | undefined {
  const sorted = latencies(requests);
  const [p50, p99] = [quantileSorted(sorted, 0.5), quantileSorted(sorted, 0.99)];
  return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
}

function shares(requests: readonly Request[]): Record<string, number> {
  const good = requests.filter(succeeded);
  return Object.fromEntries(
    rollups(good, (each) => each.length / good.length, clusterOf).sort(([a], [b]) => a.localeCompare(b)),
  );
}

/** The cluster with the greatest share; undefined where none has any. */
export const leading = (of: Readonly<Record<string, number>>): string | undefined =>
  greatest(Object.entries(of), ([, share]) => share)?.[0];

/** The cluster with the most good answers; `nobody` where there are none. */
const mostly = (requests: readonly Request[]): string => leading(shares(requests)) ?? "nobody";

const countIn = (all: readonly Request[], from: number, to: number): number =>
  byStart.left(all, to) - byStart.left(all, from);

/** Requests sent from `from` on and before `to`. `all` is sorted. */
const sentIn = (all: readonly Request[], from: number, to: number): Request[] =>
  all.slice(byStart.left(all, from), byStart.left(all, to));

/** Milliseconds from `from` until all windows that begin later, and end by `end`, hold the target. */
function steadyAfter(all: readonly Request[], from: number, end: number): number | undefined {
  const sent = sentIn(all, from, end);
  const failed = sent.filter((request) => !succeeded(request));
  const holds = (begin: number): boolean => {
    const there = countIn(sent, begin, begin + steadyWindow);
    return there > 0 && there - countIn(failed, begin, begin + steadyWindow) >= steadyShare * there;
  };
  const last = Math.floor(end - steadyWindow - from);
  if (last < 0 || !holds(from + last)) return undefined;
  let steady = last;
  while (steady > 0 && holds(from + steady - 1)) steady -= 1;
  return steady;
}

/** Milliseconds from `from` to the first second that is mostly answered by `home`, with nothing of it failed. */
function backHome(all: readonly Request[], home: string, from: number, end: number): number | undefined {
  const byHome = (request: Request): boolean => succeeded(request) && clusterOf(request) === home;
  const away = sentIn(all, from, end).filter((request) => !byHome(request));
  const begins = [from, ...away.map(({ start }) => start + 1)];
  const back = begins.find((begin) => {
    const sent = sentIn(all, begin, begin + second);
    if (begin + second > end || sent.length === 0) return false;
    return sent.filter(byHome).length >= homeShare * sent.length;
  });
  return back === undefined ? undefined : back - from;
}

/** Seconds without a good answer count for neither side. */
function movesOf(all: readonly Request[], from: number, end: number): number {
  const begins = Array.from({ length: Math.max(0, Math.floor((end - from) / second)) }, (_, at) => from + at * second);
  const answering = begins.map((begin) => mostly(sentIn(all, begin, begin + second))).filter((who) => who !== "nobody");
  return answering.filter((who, at) => at > 0 && who !== answering[at - 1]).length;
}
