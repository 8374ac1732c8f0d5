import { fit, textWidth } from "../../../plan/picture/text.ts";
import type { Repeat, Result } from "../../result.ts";
import { machineName, minute } from "../words.ts";
import { addText, type Shape } from "./drawing.ts";
import type { Frame } from "./frame.ts";
import { paints } from "./palette.ts";

const margin = 16;

/** What was done, when, with which versions and where it ran. Returns how far down it reaches. */
export function drawHeader(root: Shape, { width }: Frame, result: Result, repeat: Repeat): number {
  const room = width - 2 * margin;
  const title = brokenInto(room, `${result.experiment}: ${result.title}`.split(" "), " ", 17, true);
  const facts = brokenInto(room, factsOf(result, repeat), " · ", 12, false);
  for (const [index, line] of title.entries())
    addText(root, line, { x: margin, y: 28 + 22 * index, "font-size": 17, "font-weight": "bold" });
  const below = 28 + 22 * title.length;
  for (const [index, line] of facts.entries())
    addText(root, line, { x: margin, y: below + 17 * index, fill: paints.quiet });
  return below + 17 * facts.length;
}

function factsOf(result: Result, repeat: Repeat): string[] {
  const { versions, machine, repeats } = result;
  return [
    ...(result.control ? ["control: meant to fail"] : []),
    `stack ${result.stack}`,
    minute(result.started),
    ...(repeats.length > 1 ? [`repeat ${repeats.indexOf(repeat) + 1} of ${repeats.length}`] : []),
    `Istio ${versions.istio}`,
    result.platform,
    machineName(machine),
  ];
}

/** The pieces in lines that are no wider than `width` pixels; a piece that is wider by itself is cut short. */
function brokenInto(width: number, pieces: readonly string[], joint: string, size: number, bold: boolean): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = [...lines.slice(-1), piece].join(joint);
    if (lines.length > 0 && textWidth(longer, size, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.map((line) => fit(line, width, size, bold));
}
