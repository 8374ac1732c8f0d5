/** `lab plan`: runs the program that `pulumi up` runs on the recorder, and shows what it would make. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { outputColours } from "./colours.ts";
import { planDocument } from "./document.ts";
import { planFiles, writePlanFiles } from "./files.ts";
import { planOf } from "./plan-of.ts";
import { report } from "./report.ts";
import { readSource } from "./source.ts";

export interface PlanCommandOptions {
  readonly configFile?: string;
  /** The folder in which the stack's folder is made. Default: `out` in the project. */
  readonly out?: string;
  /** Print one JSON document; then files are written only where `out` says so. */
  readonly json?: boolean;
}

const defaultOut = fileURLToPath(new URL("../../out", import.meta.url));

/**
 * Plans a stack and prints the plan to standard output.
 * @throws UsageError with a message for the user, before anything is printed or written
 */
export async function planCommand(stack: string | undefined, options: PlanCommandOptions): Promise<void> {
  const source = readSource({ stack, configFile: options.configFile });
  const lab = planOf(source);
  // Loaded only now: Pulumi's SDKs take most of a second, which a mistake need not wait for.
  const { recordProgram } = await import("../recorder/record.ts");
  const graph = await withoutWarnings(() =>
    recordProgram({ stack: source.stack, config: source.config, preview: true }),
  );
  const folder = resolve(options.out ?? defaultOut, source.stack);
  if (options.json === true) {
    if (options.out !== undefined) writePlanFiles(folder, planFiles(source.stack, lab, graph));
    process.stdout.write(`${JSON.stringify(planDocument(source.stack, lab, graph), null, 2)}\n`);
    return;
  }
  const files = writePlanFiles(folder, planFiles(source.stack, lab, graph));
  process.stdout.write(report({ source, lab, graph, files }, outputColours()));
}

/** The program logs the plan's warnings, which the report and the document hold already. */
async function withoutWarnings<T>(run: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await run();
  } finally {
    console.warn = warn;
  }
}
