/** Reads Markdown as GitHub splits it. */

/** The tables of a document: rows of cells, the head first, without the line below it. */
export function tablesOf(markdown: string): string[][][] {
  const tables: string[][][] = [];
  let inside = false;
  for (const line of outsideFences(markdown)) {
    if (!line.startsWith("|")) inside = false;
    else if (!inside) {
      tables.push([cellsOf(line)]);
      inside = true;
    } else if (!/^\|( -+ \|)+$/.test(line)) tables.at(-1)?.push(cellsOf(line));
  }
  return tables;
}

/** The lines below tables' heads have a column for each title as well, or there is no table. */
export function tableFaults(markdown: string): string[] {
  const lines = outsideFences(markdown);
  return lines.flatMap((line, index) => {
    const previous = lines[index - 1] ?? "";
    if (!line.startsWith("|")) return [];
    if (!line.endsWith("|")) return [`not closed: ${line}`];
    if (!previous.startsWith("|")) return /^\|( -+ \|)+$/.test(lines[index + 1] ?? "") ? [] : [`no table: ${line}`];
    return cellsOf(line).length === cellsOf(previous).length ? [] : [`another number of cells: ${line}`];
  });
}

/** The table below a heading. */
export function tableBelow(markdown: string, heading: string): string[][] {
  const [, after] = markdown.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`there is no heading ${heading}`);
  const [first] = tablesOf(after.split("\n## ")[0] ?? "");
  if (first === undefined) throw new Error(`there is no table below ${heading}`);
  return first;
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

function outsideFences(markdown: string): string[] {
  let fence: string | undefined;
  return markdown.split("\n").filter((line) => {
    const [ticks] = /^`{3,}/.exec(line) ?? [];
    if (fence !== undefined) {
      if (line === fence) fence = undefined;
      return false;
    }
    fence = ticks;
    return ticks === undefined;
  });
}
