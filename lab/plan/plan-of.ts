/** Plans what stands in a file, and says where in it the problems are. */
import { LabConfigError } from "../../topology/errors.ts";
import { planConfig, planningTime } from "../../topology/plan.ts";
import type { LabPlan } from "../../topology/types.ts";
import type { Source } from "./source.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError with every problem, each with its place */
export function planOf(source: Source): LabPlan {
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
