/** Pieces of Markdown that hold what others wrote: titles, names, what was done. */
import { stringify } from "yaml";
import { markdownTable } from "../../plan/markdown.ts";

/** Text that shows as it is, in one line. */
export const plain = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll(/[\\`*_[\]<>#~]/g, "\\$&")
    .replaceAll(/\s+/g, " ");

/** A heading with a table below; nothing where there are no rows. Cells are Markdown. */
export function tableSection(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [`## ${title}`, "", ...markdownTable(head, rows), ""];
}

/** Objects as YAML documents in a fence that none of them can end. */
export function yamlBlock(objects: readonly object[]): string[] {
  const text = objects.map((object) => stringify(object)).join("---\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}yaml`, ...text.trimEnd().split("\n"), fence];
}

/** A name that links to the file beside the document. */
export const fileLink = (file: string): string =>
  `[${plain(file)}](${encodeURI(file).replaceAll("(", "%28").replaceAll(")", "%29")})`;
