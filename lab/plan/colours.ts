import pc from "picocolors";

/** Functions that style text for a terminal, or leave it as it is. */
export type Colours = ReturnType<typeof pc.createColors>;

/** For standard output. */
export function outputColours(): Colours {
  // Not a terminal is `undefined`, which the library would take for "as you like": with colours where CI is set.
  const { isTTY } = process.stdout as { isTTY?: boolean };
  return pc.createColors(isTTY === true && pc.isColorSupported);
}
