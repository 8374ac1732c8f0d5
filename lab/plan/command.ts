/** `lab plan`: runs the program that `pulumi up` runs on the recorder, and shows what it would make. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pc from "picocolors";
import { LabConfigError } from "../../topology/errors.ts";
import { planConfig, planningTime } from "../../topology/plan.ts";
import type { LabPlan } from "../../topology/types.ts";
import { planDocument } from "./document.ts";
import { planFiles, writePlanFiles } from "./files.ts";
import { report } from "./report.ts";
import { readSource, type Source } from "./source.ts";
import { UsageError } from "./usage-error.ts";

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
  // Not a terminal is `undefined`, which the library would take for "as you like": with colours where CI is set.
  const { isTTY } = process.stdout as { isTTY?: boolean };
  const coloured = isTTY === true && pc.isColorSupported;
  process.stdout.write(report({ source, lab, graph, files }, pc.createColors(coloured)));
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

function planOf(source: Source): LabPlan {
  try {
    return planConfig(source.raw, planningTime(new Date()));
  } catch (error) {
    if (!(error instanceof LabConfigError)) throw error;
    throw new UsageError([error.message, ...placesOf(source, error), ...encryptedIn(source, error)].join("\n\n"));
  }
}

/** Where in the file the problems are; the text above them is the one that `pulumi preview` prints as well. */
function placesOf(source: Source, error: LabConfigError): string[] {
  const places = error.issues.flatMap(({ code, path }) => {
    const position = source.positionOf(path);
    return position === undefined ? [] : [`  ${source.file}:${position}  ${code}`];
  });
  return places.length === 0 ? [] : [[`Where to look:`, ...new Set(places)].join("\n")];
}

/** A problem with a value that is a placeholder here may be none where the value can be read. */
function encryptedIn({ encrypted, file }: Source, error: LabConfigError): string[] {
  const judged = error.issues.filter(({ code }) => code !== "not-built-yet").map(({ path }) => path);
  return encrypted
    .filter((path) => judged.some((each) => each === path || [".", "["].some((next) => each.startsWith(path + next))))
    .map((path) => `${path} is encrypted in ${file}, so it cannot be judged here: \`pulumi preview\` decrypts it.`);
}
