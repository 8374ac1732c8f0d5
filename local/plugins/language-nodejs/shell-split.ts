/**
 * Splits a line into words as a POSIX shell would, without expanding anything: white space separates, single quotes
 * keep everything, double quotes keep everything but a backslash before `"` and `\`, a backslash keeps the next
 * character. The real language host splits `nodeargs` this way.
 *
 * @throws when a quote is not closed
 */
export function shellSplit(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let rest = line;
  while (rest.length > 0) {
    const piece = takePiece(rest);
    if (!piece) throw new Error(`a quote is not closed in: ${line}`);
    rest = rest.slice(piece.length);
    if (piece.text !== undefined) word = (word ?? "") + piece.text;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** The next piece of a line: its length, and its text unless it is the space between two words. */
function takePiece(line: string): { length: number; text?: string } | undefined {
  const space = /^\s+/.exec(line);
  if (space) return { length: space[0].length };
  const single = /^'([^']*)'/.exec(line);
  if (single) return { length: single[0].length, text: single[1] ?? "" };
  const double = /^"((?:[^"\\]|\\.)*)"/s.exec(line);
  if (double) return { length: double[0].length, text: (double[1] ?? "").replace(/\\(["\\])/g, "$1") };
  const escaped = /^\\(.)/s.exec(line);
  if (escaped) return { length: 2, text: escaped[1] ?? "" };
  const plain = /^[^\s'"\\]+/.exec(line);
  return plain ? { length: plain[0].length, text: plain[0] } : undefined;
}
