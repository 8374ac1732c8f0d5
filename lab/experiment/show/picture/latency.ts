/** How long requests took: p50 and p99 of each bin, on a logarithmic scale. */
import { areaY, lineY } from "@observablehq/plot";
import { extent } from "d3-array";
import type { Bin } from "./bins.ts";
import { addPlot, addText, type Shape } from "./drawing.ts";
import { horizontal, type Frame } from "./frame.ts";
import { paints } from "./palette.ts";

export const latencyHeight = 108;

const plotTop = 6;
const plotHeight = 80;
const size = 11;

/** Whole powers of ten, in milliseconds. */
export type Decades = readonly [from: number, to: number];

/** The powers of ten that hold all of it; where there was no request, 1 to 10 ms. */
export function decadesOf(bins: readonly Bin[]): Decades {
  const [least, most] = extent(bins.flatMap(({ latency }) => (latency ? [latency.p50, latency.p99] : [])));
  if (least === undefined) return [1, 10];
  const from = 10 ** Math.floor(Math.log10(Math.max(least, shortest)));
  return [from, Math.max(from * 10, 10 ** Math.ceil(Math.log10(Math.max(most, shortest))))];
}

/** Milliseconds: less is drawn as that much, for a logarithm needs something. */
const shortest = 0.1;

export function drawLatency(root: Shape, frame: Frame, top: number, bins: readonly Bin[], decades: Decades): void {
  const rows = bins.map(({ from, to, latency }) => ({
    x: (from + to) / 2,
    p50: latency ? Math.max(latency.p50, shortest) : Number.NaN,
    p99: latency ? Math.max(latency.p99, shortest) : Number.NaN,
  }));
  const round = { strokeLinejoin: "round", strokeLinecap: "round" } as const;
  addPlot(root, top, {
    ...horizontal(frame),
    height: latencyHeight,
    marginTop: plotTop,
    marginBottom: latencyHeight - plotTop - plotHeight,
    y: {
      type: "log",
      domain: [...decades],
      ticks: powers(decades),
      tickFormat: inWords,
      tickSize: 0,
      grid: true,
      label: null,
    },
    marks: [
      areaY(rows, { x: "x", y1: "p50", y2: "p99", fill: paints.band }),
      lineY(rows, { x: "x", y: "p99", stroke: paints.p99, strokeWidth: 1, ...round }),
      lineY(rows, { x: "x", y: "p50", stroke: paints.ink, strokeWidth: 1.5, ...round }),
    ],
  });
  const [low, high] = decades.map(Math.log10) as [number, number];
  const y = (value: number): number => top + plotTop + plotHeight * (1 - (Math.log10(value) - low) / (high - low));
  const last = rows.findLast(({ p50 }) => !Number.isNaN(p50));
  if (last !== undefined) drawNames(root, frame, y(last.p50), y(last.p99));
}

/** Names the lines at their ends, one below the other where they meet. */
function drawNames(root: Shape, { right }: Frame, p50: number, p99: number): void {
  const apart = Math.max(0, size + 2 - (p50 - p99)) / 2;
  const look = { x: right + 6, "font-size": size };
  addText(root, "p99", { ...look, y: p99 - apart + size / 3, fill: paints.quiet });
  addText(root, "p50", { ...look, y: p50 + apart + size / 3 });
}

/** Of many decades every second, or their numbers would touch. */
function powers([from, to]: Decades): number[] {
  const decades = Math.round(Math.log10(to / from));
  const step = decades > 5 ? 2 : 1;
  return Array.from({ length: Math.floor(decades / step) + 1 }, (_, index) => from * 10 ** (index * step));
}

const inWords = (milliseconds: number): string =>
  milliseconds >= 1_000 ? `${milliseconds / 1_000} s` : `${Number(milliseconds.toPrecision(1))} ms`;
