/** What a suite's output says of itself. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Adds up mocha's closing lines, `12 passing (3s)` and `1 failing`. A suite that prints none, such as the linters,
 * counts as one test by its exit code; so does one that failed without saying which test did.
 */
export function count(output: string, exitCode: number): Count {
  const passed = sum(output, /^\s*(\d+) passing\b/gm);
  const failed = sum(output, /^\s*(\d+) failing\b/gm);
  if (exitCode !== 0 && failed === 0) return { passed, failed: 1 };
  if (exitCode === 0 && passed + failed === 0) return { passed: 1, failed: 0 };
  return { passed, failed };
}

function sum(output: string, pattern: RegExp): number {
  return [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}
