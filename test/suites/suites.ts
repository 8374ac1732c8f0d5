import { readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** What there is to run, in order: the cheap and telling first. `gate` is what a change must pass, `full` everything. */
export interface Suite {
  readonly name: string;
  /** An npm script with its arguments. */
  readonly script: readonly string[];
  readonly sets: readonly ("gate" | "full")[];
  /** Whether a file of the checkout, by its path from the root, can change how it ends. Default: each can. */
  readonly reads?: (file: string) => boolean;
}

const local = resolve(import.meta.dirname, "../../local");

/**
 * What a suite on real clusters reads: everything but the tests on the recorder, other suites, the site, pages it does
 * not name, and what of the command `lab` it does not run.
 */
function realClusters(own: string): (file: string) => boolean {
  const text = readFileSync(join(local, own), "utf8");
  const passedOver = commandsNotRun(text);
  const named = new Set(text.split(/[^\w.-]+/));
  const faults = faultsOf(text);
  return (file) => {
    if (file === `local/${own}` || named.has(basename(file))) return true;
    if (/\.md$|^(docs|test|site)\/|\.test\.ts$/.test(file) || passedOver.test(file)) return false;
    if (/^lab\/experiment\/faults\//.test(file)) return faults.has(basename(file));
    return !/^lab\/(experiment|exercise)\/set\//.test(file) || namesOneOf(text, file);
  };
}

const experiments = join("lab", "experiment", "set");

/** Files of faults that the experiments do which a suite names, what these share, and what all share. */
function faultsOf(suite: string): ReadonlySet<string> {
  const done = readdirSync(join(local, "..", experiments))
    .map((file) => join(experiments, file))
    .filter((file) => namesOneOf(suite, file))
    .flatMap((file) => imported(file, "../faults/"));
  const shared = done.flatMap((file) => imported(join("lab", "experiment", "faults", file), "./"));
  return new Set(["fault.ts", "kinds.ts", ...done, ...shared]);
}

/** Names of the files that one imports from a folder. */
function imported(file: string, folder: string): string[] {
  const imports = readFileSync(join(local, "..", file), "utf8").matchAll(/ from "([./\w-]+\/)([\w-]+\.ts)"/g);
  return [...imports].flatMap(([, from, name = ""]) => (from === folder ? [name] : []));
}

/**
 * Whether a suite names an experiment or an exercise of a file, or the stack whose exercises it runs; where a file has
 * none, others share it.
 */
function namesOneOf(suite: string, file: string): boolean {
  const definitions = readFileSync(join(local, "..", file), "utf8");
  const names = [...definitions.matchAll(/^ {2}(?:name|stack): "([\w-]+)"/gm)].map(([, name = ""]) => name);
  return names.length === 0 || names.some((name) => suite.includes(`"${name}"`));
}

/** The program does not know `lab`; a suite runs it by one of these files. */
function commandsNotRun(suite: string): RegExp {
  if (suite.includes("exercises.ts")) return /(?!)/;
  if (suite.includes("commands.ts")) return /^lab\/(exercise|experiment)\/|^local\/e2e\/(exercises|experiments)\.ts$/;
  if (!suite.includes("experiments.ts")) return /^lab\/|^local\/e2e\/(commands|experiments|exercises)\.ts$/;
  return /^lab\/(exercise|doctor|status|audit|retrofit|kubeconfig|pause|dashboard|checks|aws)\/|^local\/e2e\/(commands|exercises)\.ts$/;
}

/** Each file of tests a suite by itself: a run that stopped goes on with the next, and the table has a time for each. */
function filesOf(folder: string, name: string, script: string): Suite[] {
  const files = readdirSync(join(local, folder)).filter((file) => file.endsWith(".test.ts"));
  return files.sort().map((file) => ({
    name: `${name}, ${file.replace(".test.ts", "")}`,
    script: [script, "--", `${folder}/${file}`],
    sets: ["full"],
    reads: realClusters(`${folder}/${file}`),
  }));
}

export const suites: readonly Suite[] = [
  { name: "check", script: ["check"], sets: ["gate", "full"] },
  // The README's own test command.
  { name: "recorder", script: ["test"], sets: ["gate", "full"] },
  { name: "local cloud, units", script: ["test:local-units"], sets: ["gate", "full"] },
  { name: "local cloud, gate", script: ["test:local:gate"], sets: ["gate"] },
  { name: "faults, gate", script: ["test:faults:gate"], sets: ["gate"] },
  ...filesOf("e2e", "local cloud", "test:local:one"),
  ...filesOf("faults", "faults", "test:faults:one"),
  {
    name: "faults, nodes",
    script: ["test:faults:nodes"],
    sets: ["full"],
    reads: realClusters("faults/nodes/traffic.test.ts"),
  },
  {
    name: "site",
    script: ["test:site"],
    sets: ["full"],
    reads: (file) => /^(docs|site)\/|^(package|tsconfig)\.json$/.test(file),
  },
  { name: "bench", script: ["bench"], sets: ["full"] },
];
