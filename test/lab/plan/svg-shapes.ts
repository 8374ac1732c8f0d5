/** Reads the shapes back out of an SVG document, as a viewer would place them. */
import { textWidth } from "../../../lab/plan/picture/text.ts";

export interface Rectangle {
  readonly id: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface TextBox extends Rectangle {
  /** The rectangle that must hold it. */
  readonly within: string;
}

export interface Segment {
  readonly kind: string;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

export interface Shapes {
  readonly boxes: ReadonlyMap<string, Rectangle>;
  readonly texts: readonly TextBox[];
  readonly segments: readonly Segment[];
  readonly lines: readonly { readonly kind: string; readonly title: string }[];
}

/** Shapes of a document that `renderSvg` wrote. */
export function readShapes(svg: string): Shapes {
  const boxes = [...svg.matchAll(/<rect (?<attributes>[^>]*)\/>/g)].map((match) => rectangle(attributesOf(match)));
  const texts = [...svg.matchAll(/<text (?<attributes>[^>]*)>(?<text>[^<]*)/g)].map((match) =>
    textBox(attributesOf(match), unescape(match.groups?.["text"] ?? "")),
  );
  const polylines = [...svg.matchAll(/<polyline (?<attributes>[^>]*)><title>(?<title>[^<]*)/g)];
  return {
    boxes: new Map(boxes.map((box) => [box.id, box])),
    texts,
    segments: polylines.flatMap((match) => segments(attributesOf(match))),
    lines: polylines.map((match) => ({ kind: attributesOf(match)("class"), title: match.groups?.["title"] ?? "" })),
  };
}

/** What is wrong with the texts of a picture; nothing, in a good one. */
export function faultsOf({ boxes, texts, segments: lines }: Shapes): string[] {
  const leaving = texts.flatMap((text) => {
    const frame = boxes.get(text.within);
    if (frame === undefined) return [`"${text.id}" names a frame that is not there: ${text.within}`];
    return contains(frame, text) ? [] : [`"${text.id}" leaves its frame ${text.within}`];
  });
  const overlapping = texts.flatMap((text, index) =>
    texts.slice(index + 1).flatMap((other) => (overlap(text, other) ? [`"${text.id}" overlaps "${other.id}"`] : [])),
  );
  const crossed = texts.flatMap((text) =>
    lines.flatMap((line) => (crosses(line, text) ? [`a line of ${line.kind} crosses "${text.id}"`] : [])),
  );
  return [...leaving, ...overlapping, ...crossed];
}

export function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function contains(outer: Rectangle, inner: Rectangle): boolean {
  const inWidth = outer.left <= inner.left && inner.right <= outer.right;
  return inWidth && outer.top <= inner.top && inner.bottom <= outer.bottom;
}

/** Lines of the picture run straight across or straight down. */
function crosses({ from, to }: Segment, box: Rectangle): boolean {
  const [x1, x2] = [from[0], to[0]].toSorted((a, b) => a - b) as [number, number];
  const [y1, y2] = [from[1], to[1]].toSorted((a, b) => a - b) as [number, number];
  return x1 < box.right && box.left < x2 + 0.01 && y1 < box.bottom && box.top < y2 + 0.01;
}

type Attributes = (name: string) => string;

function attributesOf(match: RegExpMatchArray): Attributes {
  const text = match.groups?.["attributes"] ?? "";
  const found = new Map(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, unescape(value)]),
  );
  return (name) => found.get(name) ?? "";
}

function rectangle(of: Attributes): Rectangle {
  const [left, top] = [Number(of("x")), Number(of("y"))];
  return { id: of("id"), left, top, right: left + Number(of("width")), bottom: top + Number(of("height")) };
}

function textBox(of: Attributes, text: string): TextBox {
  const size = Number(of("font-size"));
  const width = textWidth(text, size, of("font-weight") === "bold");
  const share = { start: 0, middle: 0.5, end: 1 }[of("text-anchor")] ?? 0;
  const left = Number(of("x")) - share * width;
  const baseline = Number(of("y"));
  // From the top of capitals to the bottom of descenders, in DejaVu Sans, the tallest of the fonts.
  const [top, bottom] = [baseline - size * 0.76, baseline + size * 0.24];
  return { id: text, within: of("data-within"), left, right: left + width, top, bottom };
}

function segments(of: Attributes): Segment[] {
  const points = of("points")
    .split(" ")
    .map((point) => point.split(",").map(Number) as [number, number]);
  return points.slice(1).map((to, index) => ({ kind: of("class"), from: points[index] ?? to, to }));
}

function unescape(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}
