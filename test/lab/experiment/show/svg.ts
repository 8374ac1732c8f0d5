/** Reads an SVG document as strictly as XML asks for, and says where its texts stand. */
import { textWidth } from "../../../../lab/plan/picture/text.ts";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Directly inside it, unescaped. */
  readonly text: string;
}

export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Open extends Element {
  readonly children: Element[];
  text: string;
}

const attribute = /\s+([\w:-]+)="((?:[^"<&]|&(?:amp|lt|gt|quot|apos|#\d+);)*)"/y;
const content = /(?:[^<&>]|&(?:amp|lt|gt|quot|apos|#\d+);|")*/y;

/** @throws Error where the document is not well-formed */
export function parseSvg(svg: string): Element {
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  let at = matchAt(/<\?xml [^?]*\?>\n/y, svg, 0)?.[0].length ?? 0;
  while (at < svg.length) {
    const text = matchAt(content, svg, at)?.[0] ?? "";
    const innermost = open.at(-1)!;
    innermost.text += unescape(text);
    at += text.length;
    if (at === svg.length) break;
    const closing = matchAt(/<\/([\w:-]+)>/y, svg, at);
    if (closing !== undefined) {
      if (open.pop()?.name !== closing[1]) throw new Error(`${closing[0]} closes what is not open`);
      at += closing[0].length;
      continue;
    }
    const { element, isEmpty, length } = openingTag(svg, at);
    innermost.children.push(element);
    if (!isEmpty) open.push(element);
    at += length;
  }
  if (open.length > 1) throw new Error(`${open.at(-1)?.name ?? ""} is not closed`);
  const [only, ...more] = root.children;
  if (only === undefined || more.length > 0 || root.text.trim() !== "") throw new Error("expected one element");
  return only;
}

function openingTag(svg: string, begin: number): { element: Open; isEmpty: boolean; length: number } {
  const tag = matchAt(/<([\w:-]+)/y, svg, begin);
  if (tag === undefined) throw new Error(`no tag: ${svg.slice(begin, begin + 60)}`);
  const attributes: Record<string, string> = {};
  let at = begin + tag[0].length;
  for (let found = matchAt(attribute, svg, at); found !== undefined; found = matchAt(attribute, svg, at)) {
    const [whole, name = "", value = ""] = found;
    if (name in attributes) throw new Error(`${tag[0]} has ${name} twice`);
    attributes[name] = unescape(value);
    at += whole.length;
  }
  const end = matchAt(/\s*(\/?)>/y, svg, at);
  if (end === undefined) throw new Error(`bad tag: ${svg.slice(begin, at + 60)}`);
  const element = { name: tag[1] ?? "", attributes, children: [], text: "" };
  return { element, isEmpty: end[1] === "/", length: at + end[0].length - begin };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

const unescape = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

/** All elements, the given one first, in the order in which they are painted. */
export const elementsOf = (element: Element): Element[] => [element, ...element.children.flatMap(elementsOf)];

/** The elements of a class. */
export const ofClass = (root: Element, name: string): Element[] =>
  elementsOf(root).filter(({ attributes }) => attributes["class"] === name);

interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly anchor: string;
}

/** Where texts stand on the page, in pixels, by widths that no font exceeds. */
export function textBoxes(
  element: Element,
  around: Place = { x: 0, y: 0, size: 16, bold: false, anchor: "start" },
): TextBox[] {
  const { attributes, children, name, text } = element;
  const size = Number(attributes["font-size"] ?? around.size);
  const [, moveX = "0", moveY = "0"] = /^translate\(([^,]*),([^)]*)\)$/.exec(attributes["transform"] ?? "") ?? [];
  const moves = name === "svg" || name === "text";
  const length = (value = "0"): number => (value.endsWith("em") ? size * Number.parseFloat(value) : Number(value));
  const place: Place = {
    x: around.x + Number(moveX) + (moves ? length(attributes["x"]) : 0),
    y: around.y + Number(moveY) + (moves ? length(attributes["y"]) : 0),
    size,
    bold: (attributes["font-weight"] ?? (around.bold ? "bold" : "")) === "bold",
    anchor: attributes["text-anchor"] ?? around.anchor,
  };
  return name === "text" ? [boxOf(text, place)] : children.flatMap((child) => textBoxes(child, place));
}

function boxOf(text: string, { x, y, size, bold, anchor }: Place): TextBox {
  const width = textWidth(text, size, bold);
  const left = x - width * ({ start: 0, middle: 0.5, end: 1 }[anchor] ?? Number.NaN);
  return { text, left, right: left + width, top: y - 0.74 * size, bottom: y + 0.22 * size };
}

/** What is wrong with the texts of a picture; nothing, in a good one. */
export function textFaults(root: Element): string[] {
  const boxes = textBoxes(root);
  const [width, height] = [Number(root.attributes["width"]), Number(root.attributes["height"])];
  const leaving = boxes.filter(
    ({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height,
  );
  const overlapping = boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `"${a.text}" overlaps "${b.text}"`),
  );
  return [...leaving.map(({ text }) => `"${text}" leaves the page`), ...overlapping];
}
