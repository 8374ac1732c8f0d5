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

/**
 * Lines of a table with a line of titles.
 * @param rows cells as plain text, one for each column
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(length(title), ...rows.map((row) => length(row[index] ?? ""))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, options.indent.length);
  widths[last] = Math.max(12, Math.min(widths[last] ?? 0, options.width - before));
  const line = (cells: readonly string[]): string =>
    (
      options.indent + cells.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join(gap)
    ).trimEnd();
  const body = rows.flatMap((row) => {
    const [first = "", ...more] = wrap(row[last] ?? "", widths[last] ?? 0);
    const blanks = row.slice(0, last).map(() => "");
    return [line([...row.slice(0, last), first]), ...more.map((part) => line([...blanks, part]))];
  });
  return [options.titleStyle(line(columns.map(({ title }) => title))), ...body];
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

/** In characters, not UTF-16 units. */
function length(text: string): number {
  return Array.from(text).length;
}
