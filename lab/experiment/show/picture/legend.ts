import { textWidth } from "../../../plan/picture/text.ts";
import { count } from "../words.ts";
import { unnamed } from "./bins.ts";
import { add, addText, type Shape } from "./drawing.ts";
import { paints, type Paint } from "./palette.ts";
import type { Frame } from "./frame.ts";

const rowHeight = 20;
const gap = 22;
const swatch = 14;

type Swatch = "area" | "line" | "band";

interface Entry {
  readonly label: string;
  readonly kind: Swatch;
  readonly fill: string;
}

export interface Legend {
  /** The clusters that answered, `unnamed` for good answers that don't say where they came from. */
  readonly answered: readonly string[];
  readonly failed: number;
  readonly paints: ReadonlyMap<string, Paint>;
}

/** What colours mean. Returns how far down it reaches. */
export function drawLegend(root: Shape, { left, right }: Frame, top: number, legend: Legend): number {
  let [x, y] = [left, top];
  for (const { label, kind, fill } of entries(legend)) {
    const width = swatch + 6 + textWidth(label, 12);
    if (x > left && x + width > right) [x, y] = [left, y + rowHeight];
    drawSwatch(root, kind, fill, x, y);
    addText(root, label, { x: x + swatch + 6, y: y + 14, class: "legend" });
    x += width + gap;
  }
  return y + rowHeight;
}

function drawSwatch(root: Shape, kind: Swatch, fill: string, x: number, y: number): void {
  const height = kind === "line" ? 2 : 12;
  add(root, "rect", { x, y: y + 10 - height / 2, width: swatch, height, fill });
}

function entries({ answered, failed, paints: clusters }: Legend): Entry[] {
  return [
    ...answered.map((cluster): Entry => {
      const label = cluster === unnamed ? "answered, but not said where" : `answered by ${cluster}`;
      return { label, kind: "area", fill: clusters.get(cluster)?.fill ?? paints.unnamed };
    }),
    { label: failed === 0 ? "failed: none" : `failed: ${count(failed)}`, kind: "area", fill: paints.failed },
    { label: "latency p50", kind: "line", fill: paints.ink },
    { label: "up to p99", kind: "band", fill: paints.band },
  ];
}
