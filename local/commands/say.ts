import pc from "picocolors";

/** One line about what the command is doing, on standard error so that standard output stays the programs' own. */
export function say(line: string): void {
  console.error(pc.dim(`[local cloud] ${line}`));
}

/** One line about what went wrong and how to mend it. */
export function complain(line: string): void {
  console.error(pc.red(`[local cloud] ${line}`));
}
