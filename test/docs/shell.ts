/** What the documentation's tests read out of a shell's lines. */

/**
 * The commands that a shell would start, each without its comment. One in `$( … )` stands before the command that it is
 * part of, which keeps `$()` in its place.
 */
export function commandsOf(script: string): string[] {
  const text = `${script.replaceAll("\\\n", " ")}\n`;
  const found: string[] = [];
  const open = [{ words: "", quoted: false }];
  for (let at = 0; at < text.length;) {
    const command = open.at(-1)!;
    const token = tokenAt(text, at, command.quoted);
    at += token.length;
    const closes = token === ")" && open.length > 1;
    if (!command.quoted && (closes || separator.test(token))) {
      found.push(command.words.trim());
      command.words = "";
      if (closes) open.pop();
    } else if (token === "$(") {
      command.words += "$()";
      open.push({ words: "", quoted: false });
    } else {
      command.words += token;
      if (token === '"') command.quoted = !command.quoted;
    }
  }
  return found.filter((command) => command !== "");
}

const separator = /^(?:&&|\|\||[|;\n]|#.*\n)$/;

/** What is one to a shell: a comment with its end, all that stands in single quotes, an operator, else one character. */
function tokenAt(text: string, at: number, quoted: boolean): string {
  const pattern = quoted ? /\$\(|[^]/y : /\$\(|&&|\|\||'[^']*'|(?<=^|\s)#.*\n|[^]/my;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** As a shell hands them over, without redirections. */
export function wordsOf(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const redirected = words.findIndex((word) => /^\d?>/.test(word));
  return (redirected < 0 ? words : words.slice(0, redirected)).map((word) => word.replaceAll(/["']/g, ""));
}
