/**
 * Whether the program stays cheap: what it adds to loading the SDKs, and what its components add to each resource.
 *
 *     npm run bench                                  everything, the median of 5 or, where two take turns, of 6
 *     npm run bench -- --repeats 1 --only start-up   a quick look
 *     npm run bench -- --program FILE                another program in the place of index.ts, at start-up
 *
 * Exit code 1 when a limit is broken.
 */
import { parseArgs } from "node:util";
import { FakeEngine } from "./engine.ts";
import { compareFurtherResources } from "./further-resources.ts";
import { closing, type Comparison, exitCode, table } from "./report.ts";
import { compareStartUp } from "./start-up.ts";

const { values } = parseArgs({
  options: {
    program: { type: "string", default: "index.ts" },
    repeats: { type: "string", default: "5" },
    only: { type: "string" },
  },
});

async function measure(): Promise<Comparison[]> {
  const repeats = Number(values.repeats);
  const started = await FakeEngine.start();
  try {
    return [
      ...(values.only === "further" ? [] : await compareStartUp(started, values.program, repeats)),
      ...(values.only === "start-up" ? [] : await compareFurtherResources(started, repeats)),
    ];
  } finally {
    started.engine.stop();
  }
}

const comparisons = await measure();
process.stdout.write(`${table(comparisons)}\n\n${closing(comparisons)}\n`);
process.exitCode = exitCode(comparisons);
