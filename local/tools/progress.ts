import { readFileSync } from "node:fs";

export interface Timing {
  /** A family of tools. */
  name: string;
  /** How long it took to build; undefined if it was there already. */
  seconds: number | undefined;
}

/** Seconds as people read them: `42 s`, `3 min 08 s`. */
export function seconds(value: number): string {
  const whole = Math.round(value);
  if (whole < 60) return value < 9.95 ? `${value.toFixed(1)} s` : `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** How many Go packages a `go build -v` log says were compiled so far: downloads and module notes do not count. */
export function compiledPackages(logFile: string): number {
  let text = "";
  try {
    text = readFileSync(logFile, "utf8");
  } catch {
    // Nothing was printed yet.
  }
  return text.split("\n").filter((line) => /^\S+$/.test(line)).length;
}

/** The lines of a table of what took how long, with the sum. */
export function table(timings: Timing[]): string[] {
  const sum = timings.reduce((total, { seconds: spent }) => total + (spent ?? 0), 0);
  const rows = timings.map(({ name, seconds: spent }) => [name, spent === undefined ? "was there" : seconds(spent)]);
  const all = [...rows, ["together", seconds(sum)]];
  const width = Math.max(...all.map(([name = ""]) => name.length));
  return all.map(([name = "", spent = ""]) => `${name.padEnd(width)}  ${spent.padStart(12)}`);
}
