/** What there is to run, in order: the cheap and telling first. `gate` is what a change must pass, `full` everything. */
export interface Suite {
  readonly name: string;
  /** An npm script with its arguments. */
  readonly script: readonly string[];
  readonly sets: readonly ("gate" | "full")[];
}

export const suites: readonly Suite[] = [
  { name: "check", script: ["check"], sets: ["gate", "full"] },
  // The README's own test command.
  { name: "recorder", script: ["test"], sets: ["gate", "full"] },
  { name: "local cloud, units", script: ["test:local-units"], sets: ["gate", "full"] },
  { name: "local cloud, gate", script: ["test:local:gate"], sets: ["gate"] },
  { name: "faults, gate", script: ["test:faults:gate"], sets: ["gate"] },
  { name: "local cloud, everything", script: ["test:local"], sets: ["full"] },
  { name: "bench", script: ["bench"], sets: ["full"] },
];
