/** Text in columns for a terminal. */

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

export interface TableOptions {
  /** In front of every line. */
  readonly indent: string;
  /** No line is longer; the last column is broken into several lines instead. */
  readonly width: number;
  /** Styles the line of titles and, if given, the last line. */
  readonly titleStyle: (text: string) => string;
}

const gap = "  ";

/** No column is made narrower than this, in characters. */
const narrowest = 12;

/**
 * Lines of a table with a line of titles. Where the page is too narrow, the last column is broken into lines, and if
 * that is not enough, the widest of the others are cut short.
 * @param rows cells as plain text, one for each column
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string[] {
  const widths = columnWidths(columns, rows, options);
  const last = columns.length - 1;
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, index) =>
      pad(cut(cell, widths[index] ?? 0), widths[index] ?? 0, columns[index]?.align),
    );
    return (options.indent + padded.join(gap)).trimEnd();
  };
  const body = rows.flatMap((row) => {
    const [first = "", ...more] = wrap(row[last] ?? "", widths[last] ?? 0);
    const blanks = row.slice(0, last).map(() => "");
    return [line([...row.slice(0, last), first]), ...more.map((part) => line([...blanks, part]))];
  });
  return [options.titleStyle(line(columns.map(({ title }) => title))), ...body];
}

function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { indent, width }: TableOptions,
): number[] {
  const natural = columns.map(({ title }, index) =>
    Math.max(length(title), ...rows.map((row) => length(row[index] ?? ""))),
  );
  const others = natural.slice(0, -1);
  const lastNatural = natural.at(-1) ?? 0;
  const room = (): number => width - indent.length - others.reduce((sum, each) => sum + each + gap.length, 0);
  while (room() < Math.min(narrowest, lastNatural) && Math.max(...others) > narrowest) {
    const widest = others.indexOf(Math.max(...others));
    others[widest] = (others[widest] ?? 0) - 1;
  }
  return [...others, Math.min(lastNatural, Math.max(room(), narrowest))];
}

/** Breaks text at spaces into lines of at most `width` characters; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const current = lines.at(-1);
    if (current !== undefined && length(current) + 1 + length(word) <= width)
      lines[lines.length - 1] = `${current} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function pad(text: string, width: number, align: Column["align"] = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - length(text)));
  return align === "right" ? blanks + text : text + blanks;
}

/** Cut in the middle, because names of one family differ at their ends. */
function cut(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  return [...characters.slice(0, width - 1 - tail), "…", ...characters.slice(characters.length - tail)].join("");
}

/** In characters, not UTF-16 units. */
function length(text: string): number {
  return Array.from(text).length;
}
