/** An SVG document under construction. Text and names go in as they are: the document escapes them. */
import { plot, type PlotOptions } from "@observablehq/plot";
import { DOMParser } from "linkedom";
import { fontFamily } from "../../../plan/picture/text.ts";
import { paints } from "./palette.ts";

/** What is used of a DOM element; linkedom's own types know less of it. */
export interface Shape {
  readonly ownerDocument: { createElement(name: string): Shape; readonly documentElement: Shape };
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  appendChild(child: Shape): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<Shape>;
  toString(): string;
}

/** An empty picture without a size, for `renderDrawing` to finish. */
export function newDrawing(): Shape {
  const empty = `<svg xmlns="http://www.w3.org/2000/svg"></svg>`;
  const parsed = new DOMParser().parseFromString(empty, "image/svg+xml") as unknown as { documentElement: Shape };
  const root = parsed.documentElement;
  setAll(root, { role: "img", "font-family": fontFamily, "font-size": 12, color: paints.ink, fill: paints.ink });
  return root;
}

export type Attributes = Readonly<Record<string, string | number>>;

/** A new element at the end of `parent`, above all that is there already. */
export function add(parent: Shape, name: string, attributes: Attributes = {}, text?: string): Shape {
  const child = parent.ownerDocument.createElement(name);
  setAll(child, attributes);
  if (text !== undefined) child.textContent = text;
  parent.appendChild(child);
  return child;
}

/** A line of text on whatever is beneath: a rim in the page's colour keeps it readable. */
export function addText(parent: Shape, text: string, attributes: Attributes): Shape {
  const rim = { stroke: paints.page, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
  return add(parent, "text", { ...rim, ...attributes }, text);
}

/** A plot at the left edge of the picture, `y` pixels below its top. */
export function addPlot(parent: Shape, y: number, options: PlotOptions): void {
  const drawn = plot({ ...options, document: parent.ownerDocument }) as unknown as Shape;
  // The style sheet is for pages that show the plot by itself, and fonts are the whole picture's.
  for (const style of drawn.querySelectorAll("style")) style.remove();
  for (const name of ["class", "font-family", "fill"]) drawn.removeAttribute(name);
  drawn.setAttribute("y", String(y));
  parent.appendChild(drawn);
}

/** The document's text. Coordinates are rounded to tenths of a pixel, which nobody sees and which halves the file. */
export function renderDrawing(root: Shape, size: { readonly width: number; readonly height: number }): string {
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  setAll(root, { width, height, viewBox: `0 0 ${width} ${height}` });
  for (const shape of root.querySelectorAll("*"))
    for (const { name, value } of [...shape.attributes])
      if (coordinates.has(name)) shape.setAttribute(name, rounded(value));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.toString()}\n`;
}

function setAll(shape: Shape, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
}

const coordinates = new Set(["d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "transform"]);

/** Offsets in em are left alone: a tenth of those is seen. */
const rounded = (value: string): string =>
  value.replaceAll(/-?\d+\.\d{2,}(?![\d.]*em)/g, (number) => String(Math.round(Number(number) * 10) / 10));
