/** What the documentation's tests read out of Markdown. */
import { commandsOf } from "./shell.ts";

/** The commands of fenced blocks, one entry for each that a shell would start: comments and prompts are no commands. */
export function fencedCommands(markdown: string): string[] {
  const blocks = markdown.matchAll(/^(?<indent> *)```(?<language>\w*)\n(?<body>[\s\S]*?)^\k<indent>```$/gm);
  return [...blocks]
    .filter(({ groups }) => ["", "sh", "bash", "shell", "console"].includes(groups?.["language"] ?? ""))
    .flatMap(({ groups }) => commandsOf(groups?.["body"] ?? ""));
}

/** Code inside a line, as `npm run check` in a sentence or a table. */
export function inlineCode(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
}

/** The targets of links and pictures, without code and without other people's sites. */
export function relativeLinks(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors that GitHub gives to the headings: lower case, no punctuation, a hyphen for each space. */
export function anchors(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
  return [...prose.matchAll(/^#+ +(.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}
