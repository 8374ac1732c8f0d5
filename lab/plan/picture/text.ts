/**
 * How wide a text is, without a font. The widths are those of DejaVu Sans or Liberation Sans (the metrics of Helvetica
 * and Arial), whichever is wider, in thousandths of the font size: a box that holds a text by this table holds it in
 * every font of the picture's font list.
 */

export const fontFamily = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** A character that is in no table counts as a full em. */
const unknownWidth = 1000;

const regular = widths([
  [278, "'ijl"],
  [295, "I"],
  [318, " ,.·"],
  [337, "/:;\\|"],
  [353, "f"],
  [361, "-"],
  [391, "()[]"],
  [393, "t"],
  [412, "!r"],
  [500, '"*J`'],
  [525, "sz"],
  [558, "c?_–L"],
  [580, "k"],
  [592, "vxy"],
  [616, "FToae"],
  [637, "hnubdgpq$0123456789{}"],
  [667, "EKPSY"],
  [687, "AVXZB"],
  [732, "CRU"],
  [752, "NH"],
  [780, "DG&"],
  [788, "OQ"],
  [818, "w"],
  [838, "#+<=>^~×"],
  [863, "M"],
  [951, "%"],
  [989, "mW"],
  [1016, "@→←↔…"],
]);

const bold = widths([
  [307, "'"],
  [349, "ijl "],
  [373, "/\\|I"],
  [400, ",.·:;"],
  [436, "-f"],
  [458, "!()[]"],
  [494, "tr"],
  [523, '`"*'],
  [557, "J_–"],
  [596, "zcs"],
  [611, "?"],
  [652, "Lxvy"],
  [688, "kaeTEFo"],
  [716, "$0123456789hnu{}bdgpq"],
  [734, "SYZPC"],
  [775, "BRXAVK"],
  [838, "UGDHN#+<=>^~×"],
  [873, "OQ&"],
  [924, "w"],
  [1002, "M@→←↔…%"],
  [1104, "mW"],
]);

/**
 * The width of one line of text.
 * @param size font size in pixels
 * @returns pixels, never less than any font of `fontFamily` needs
 */
export function textWidth(text: string, size: number, isBold = false): number {
  const table = isBold ? bold : regular;
  let width = 0;
  for (const character of text) width += table.get(character) ?? unknownWidth;
  return (width * size) / 1000;
}

/**
 * The text, or as much of it as fits into `width` pixels, with an ellipsis in place of the rest: of a sentence its end,
 * of a name (at most two words) its middle, because names of one family differ at their ends.
 */
export function fit(text: string, width: number, size: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= width) return text;
  const characters = Array.from(text);
  const isName = text.split(" ").length <= 2;
  for (let kept = characters.length - 1; kept > 0; kept -= 1) {
    const tail = isName ? Math.floor(kept / 2) : 0;
    const head = characters
      .slice(0, kept - tail)
      .join("")
      .trimEnd();
    const shortened = `${head}…${characters.slice(characters.length - tail).join("")}`;
    if (textWidth(shortened, size, isBold) <= width) return shortened;
  }
  return "…";
}

function widths(table: readonly (readonly [number, string])[]): ReadonlyMap<string, number> {
  return new Map(
    table.flatMap(([width, characters]) => Array.from(characters, (character) => [character, width] as const)),
  );
}
