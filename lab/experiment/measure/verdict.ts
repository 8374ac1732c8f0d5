/** Whether what was measured is what was to hold. */
import { extent, median } from "d3-array";
import { leading, type Figures } from "./figures.ts";

/** The figures that an expectation can be about: those that are one number. */
export type FigureName =
  | "failed"
  | "failedAgain"
  | "late"
  | "firstError"
  | "firstFromElsewhere"
  | "steadyAfterFault"
  | "steadyAfterUndo"
  | "restored"
  | "failBack"
  | "moves"
  | "p99During"
  | "failureP99"
  | "failedShare"
  | "homeShareDuring";

/** What must hold in each repeat, fixed before the run. */
export interface Expectation {
  readonly figure: FigureName;
  /** The cluster whose client's requests are meant. Default: each client's by itself. */
  readonly client?: string;
  /** Inclusive. Counts, milliseconds, or shares from 0 to 1. A figure that is absent is not at most anything. */
  readonly atMost?: number;
  /** Inclusive. */
  readonly atLeast?: number;
  /** The figure must be absent: it never came to that. */
  readonly never?: true;
  /** Why this is to be expected, in one sentence of Markdown. */
  readonly because: string;
}

/** Median and range over the repeats in which the figure was there. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** In how many repeats it was there. */
  readonly repeats: number;
}

export type Summaries = Readonly<Partial<Record<FigureName, Summary>>>;

export interface Check {
  readonly expectation: Expectation;
  readonly client: string;
  /** The figure in each repeat; null where it was absent. */
  readonly measured: readonly (number | null)[];
  readonly holds: boolean;
}

export interface Verdict {
  /** Never without a check, nor where a repeat does not count. */
  readonly holds: boolean;
  readonly checks: readonly Check[];
}

/** One repeat's figures by client. */
export type FiguresByClient = Readonly<Record<string, Figures>>;

const readers: Readonly<Record<FigureName, (figures: Figures) => number | undefined>> = {
  failed: ({ failed }) => failed,
  failedAgain: ({ failedAgain }) => failedAgain,
  late: ({ late }) => late,
  firstError: ({ firstError }) => firstError,
  firstFromElsewhere: ({ firstFromElsewhere }) => firstFromElsewhere,
  steadyAfterFault: ({ steadyAfterFault }) => steadyAfterFault,
  steadyAfterUndo: ({ steadyAfterUndo }) => steadyAfterUndo,
  restored: ({ restored }) => restored,
  failBack: ({ failBack }) => failBack,
  moves: ({ moves }) => moves,
  p99During: ({ latency }) => latency.during?.p99,
  failureP99: ({ failureLatency }) => failureLatency?.p99,
  failedShare: ({ failed, sent }) => failed / sent,
  homeShareDuring: ({ shares }) => {
    const home = leading(shares.before);
    return home === undefined ? undefined : (shares.during[home] ?? 0);
  },
};

export const figureNames = Object.keys(readers) as FigureName[];

/** A figure of one client in one repeat; undefined where there was none. */
export const read = (figure: FigureName, figures: Figures): number | undefined => readers[figure](figures);

export function summarise(figure: FigureName, repeats: readonly Figures[]): Summary | undefined {
  const values = repeats.flatMap((figures) => read(figure, figures) ?? []);
  const [least, most] = extent(values);
  const middle = median(values);
  if (least === undefined || middle === undefined) return undefined;
  return { median: middle, least, most, repeats: values.length };
}

/** Every figure that was there, by client. */
export function summaryOf(repeats: readonly FiguresByClient[]): Readonly<Record<string, Summaries>> {
  const clients = Object.keys(repeats[0] ?? {});
  return Object.fromEntries(
    clients.map((client) => {
      const own = repeats.flatMap((figures) => figures[client] ?? []);
      const summaries = figureNames.flatMap((figure) => {
        const summary = summarise(figure, own);
        return summary === undefined ? [] : [[figure, summary] as const];
      });
      return [client, Object.fromEntries(summaries)];
    }),
  );
}

/**
 * @param repeats at least one, each with the same clients
 * @param sound whether each of them counts, see `isSound`
 */
export function judge(
  expectations: readonly Expectation[],
  repeats: readonly FiguresByClient[],
  sound: boolean,
): Verdict {
  const clients = Object.keys(repeats[0] ?? {});
  const checks = expectations.flatMap((expectation) =>
    clients
      .filter((client) => expectation.client === undefined || expectation.client === client)
      .map((client) => check(expectation, client, repeats)),
  );
  return { holds: sound && checks.length > 0 && checks.every(({ holds }) => holds), checks };
}

function check(expectation: Expectation, client: string, repeats: readonly FiguresByClient[]): Check {
  const measured = repeats.map((figures) => {
    const own = figures[client];
    return (own && read(expectation.figure, own)) ?? null;
  });
  return { expectation, client, measured, holds: measured.every((value) => within(expectation, value)) };
}

function within({ atMost, atLeast, never }: Expectation, value: number | null): boolean {
  if (never) return value === null;
  if (value === null) return false;
  return value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
}
