/** Where things stand in a timeline, in pixels. */
import type { Repeat } from "../../result.ts";
import { spanOf } from "./bins.ts";

export interface Frame {
  readonly width: number;
  /** The edges of all panels. */
  readonly left: number;
  readonly right: number;
  /** The times at the edges, in seconds since the fault began. */
  readonly domain: readonly [number, number];
  /** Where a time stands. */
  readonly x: (seconds: number) => number;
}

const width = 960;
const left = 64;
const right = width - 44;

export function frameOf(repeat: Pick<Repeat, "origin" | "end" | "marks">): Frame {
  const { begin, end } = spanOf(repeat);
  const [from, to] = [begin / 1_000, end / 1_000];
  const x = (seconds: number): number => left + ((seconds - from) / (to - from)) * (right - left);
  return { width, left, right, domain: [from, to], x };
}

/** What every plot of a frame has in common. */
export const horizontal = ({ width, left, right, domain }: Frame) => ({
  width,
  marginLeft: left,
  marginRight: width - right,
  x: { domain: [...domain], label: null },
});
