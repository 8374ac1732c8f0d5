/** Requests per second, stacked by who answered, failures on top. */
import { areaY, type Markish } from "@observablehq/plot";
import { max, ticks } from "d3-array";
import { textWidth } from "../../../plan/picture/text.ts";
import { rate, unnamed, type Bin } from "./bins.ts";
import { addPlot, addText, type Shape } from "./drawing.ts";
import { horizontal, type Frame } from "./frame.ts";
import { paints, type Paint } from "./palette.ts";

export const throughputHeight = 118;

const plotHeight = 110;
/** Room for the upper half of the topmost number, which stands beside the edge. */
const overhang = 8;
const size = 12;

export interface Throughput {
  readonly bins: readonly Bin[];
  /** The clusters that answered, from the bottom to the top of the stack. */
  readonly answered: readonly string[];
  readonly paints: ReadonlyMap<string, Paint>;
  /** Requests per second at the top edge. */
  readonly most: number;
  /** Seconds since the fault at which lines are drawn across; no label may stand there. */
  readonly lines: readonly number[];
}

interface Layer {
  readonly name: string;
  readonly paint: Paint;
  readonly slices: readonly Slice[];
}

/** What one layer takes of one bin, in requests per second from the bottom. */
interface Slice {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** The most requests per second that one of these bins holds. */
export const mostOf = (bins: readonly Bin[]): number => max(bins, (bin) => rate(sentIn(bin), bin)) ?? 0;

export function drawThroughput(root: Shape, frame: Frame, top: number, throughput: Throughput): void {
  const layers = layersOf(throughput);
  const most = Math.max(1, throughput.most);
  addPlot(root, top - overhang, {
    ...horizontal(frame),
    height: throughputHeight + overhang,
    marginTop: overhang,
    marginBottom: throughputHeight - plotHeight,
    x: { ...horizontal(frame).x, axis: null },
    y: { domain: [0, most], ticks: ticks(0, most, 3), tickFormat: perSecond, tickSize: 0, grid: true, label: null },
    marks: layers.map(areaOf),
  });
  const y = (value: number): number => top + plotHeight - (value / most) * plotHeight;
  for (const layer of layers) drawLabel(root, frame, layer, y, throughput.lines);
}

const perSecond = (value: number): string => (value === 0 ? "0" : `${value}/s`);

const sentIn = ({ answered, failed }: Bin): number =>
  [...answered.values()].reduce((total, each) => total + each, failed);

function layersOf({ bins, answered, paints: clusters }: Throughput): Layer[] {
  const named = answered.map((name, index) => ({
    name,
    paint: clusters.get(name) ?? { fill: paints.unnamed, ink: paints.ink },
    slices: bins.map((bin) => slice(bin, countOf(bin, answered.slice(0, index)), countOf(bin, [name]))),
  }));
  const failures = bins.map((bin) => slice(bin, countOf(bin, answered), bin.failed));
  return [...named, { name: "failed", paint: { fill: paints.failed, ink: paints.page }, slices: failures }];
}

const countOf = ({ answered }: Bin, names: readonly string[]): number =>
  names.reduce((total, name) => total + (answered.get(name) ?? 0), 0);

const slice = (bin: Bin, below: number, own: number): Slice => ({
  from: bin.from,
  to: bin.to,
  low: rate(below, bin),
  high: rate(below + own, bin),
});

/** The corners of a layer's steps; a row without heights parts the runs in which there is something of it. */
function areaOf({ paint, slices }: Layer): Markish {
  const rows = slices.flatMap(({ from, to, low, high }, index) => {
    if (high === low) return [];
    const next = slices[index + 1];
    const ends = next === undefined || next.high === next.low;
    const closing = [
      { x: to, low, high },
      { x: to, low: Number.NaN, high: Number.NaN },
    ];
    return [{ x: from, low, high }, ...(ends ? closing : [])];
  });
  return areaY(rows, { x: "x", y1: "low", y2: "high", fill: paint.fill, curve: "step-after" });
}

/** Names a layer inside itself, in the middle of the longest time in which there is room, beside the lines. */
function drawLabel(root: Shape, { x }: Frame, layer: Layer, y: (value: number) => number, lines: readonly number[]) {
  if (layer.name === unnamed) return;
  const width = textWidth(layer.name, size, true) + 12;
  const rooms = roomsOf(layer.slices, (low, high) => y(low) - y(high) >= size + 6, lines);
  const [widest] = rooms.sort((a, b) => b.to - b.from - (a.to - a.from));
  if (widest === undefined || x(widest.to) - x(widest.from) < width) return;
  addText(root, layer.name, {
    x: (x(widest.from) + x(widest.to)) / 2,
    y: (y(widest.low) + y(widest.high)) / 2 + size / 3,
    "font-size": size,
    "font-weight": "bold",
    "text-anchor": "middle",
    fill: layer.paint.ink,
    stroke: "none",
    class: "layer",
  });
}

/** The rectangles that lie within a layer over bins of about the same height that no line parts. */
function roomsOf(slices: readonly Slice[], isHigh: (low: number, high: number) => boolean, lines: readonly number[]) {
  const rooms: Slice[] = [];
  for (const { from, to, low, high } of slices) {
    const previous = rooms.at(-1);
    const both = previous && { low: Math.max(previous.low, low), high: Math.min(previous.high, high) };
    const parted = lines.some((line) => line >= from && line < to);
    const alike = both && both.high - both.low > 0.7 * Math.max(high - low, previous.high - previous.low);
    if (previous?.to === from && alike && !parted && isHigh(both.low, both.high))
      rooms[rooms.length - 1] = { ...both, from: previous.from, to };
    else if (isHigh(low, high)) rooms.push({ from: parted ? to : from, to, low, high });
  }
  return rooms;
}
