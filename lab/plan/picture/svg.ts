import type { Box, Line, LineKind, Picture, Text } from "./shapes.ts";
import { colours, lineColours } from "./shapes.ts";
import { fontFamily } from "./text.ts";

/** The picture as a stand-alone SVG document: no script, no style sheet, no font to fetch. */
export function renderSvg(picture: Picture): string {
  const kinds = Object.keys(lineColours) as LineKind[];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="${picture.height}" viewBox="0 0 ${picture.width} ${picture.height}" role="img" font-family="${fontFamily}">`,
    `<title>${escape(picture.title)}</title>`,
    `<desc>${escape(picture.description)}</desc>`,
    "<defs>",
    ...kinds.map(marker),
    "</defs>",
    `<rect id="page" x="0" y="0" width="${picture.width}" height="${picture.height}" fill="${colours.page}"/>`,
    ...picture.boxes.map(renderBox),
    ...picture.lines.map(renderLine),
    ...picture.texts.map(renderText),
    "</svg>",
    "",
  ].join("\n");
}

function marker(kind: LineKind): string {
  return `<marker id="arrow-${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0,0.8 L10,5 L0,9.2 z" fill="${lineColours[kind]}"/></marker>`;
}

function renderBox(box: Box): string {
  const dash = box.dash === undefined ? "" : ` stroke-dasharray="${box.dash}"`;
  return `<rect id="${escape(box.id)}" x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="${box.radius}" fill="${box.fill}" stroke="${box.stroke}" stroke-width="${box.strokeWidth ?? 1}"${dash}/>`;
}

function renderLine(line: Line): string {
  const points = line.points.map((point) => `${round(point.x)},${round(point.y)}`).join(" ");
  const dash = line.kind === "remote-secret" ? ` stroke-dasharray="6 4"` : "";
  const start = line.arrowAtStart ? ` marker-start="url(#arrow-${line.kind})"` : "";
  const end = line.arrowAtEnd ? ` marker-end="url(#arrow-${line.kind})"` : "";
  const stroke = `fill="none" stroke="${lineColours[line.kind]}" stroke-width="1.8" stroke-linejoin="round"`;
  return `<polyline class="${line.kind}" points="${points}" ${stroke}${dash}${start}${end}><title>${escape(line.title)}</title></polyline>`;
}

function renderText(text: Text): string {
  const weight = text.bold ? ` font-weight="bold"` : "";
  const title = text.full === text.text ? "" : `<title>${escape(text.full)}</title>`;
  return `<text x="${round(text.x)}" y="${round(text.y)}" font-size="${text.size}"${weight} fill="${text.fill}" text-anchor="${text.anchor}" data-within="${escape(text.within)}">${escape(text.text)}${title}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
