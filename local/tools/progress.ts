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

/** The lines of a table of what took how long, with the sum; what was there already is only counted. */
export function table(timings: Timing[]): string[] {
  const built = timings.flatMap(({ name, seconds: spent }) => (spent === undefined ? [] : [{ name, spent }]));
  const sum = built.reduce((total, { spent }) => total + spent, 0);
  const rows = [...built, { name: "together", spent: sum }].map(({ name, spent }) => [name, seconds(spent)] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, spent]) => `${name.padEnd(width)}  ${spent.padStart(12)}`);
  const there = timings.length - built.length;
  return there === 0 ? lines : [...lines, `${there} more were there already`];
}
