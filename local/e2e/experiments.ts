/** Experiments of the `lab` command, run as docs/en/experiments has them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isSound } from "../../lab/experiment/result.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { must, sh, Stack } from "./shell.ts";

/** Of `result.json`, what tests look at. */
interface Result {
  readonly experiment: string;
  readonly repeats: readonly Parameters<typeof isSound>[0][];
  readonly verdict: {
    readonly checks: readonly Check[];
  };
}

interface Check {
  readonly expectation: { readonly figure: string };
  readonly client: string;
  readonly holds: boolean;
}

/** A figure of a client that is not always what it must be; how far off it may be, the experiment's other figures say. */
interface Missed {
  readonly figure: string;
  readonly client: string;
}

/** Why is in docs/en/failover.md, "Findings". */
const missed: Readonly<Record<string, Missed>> = {
  // What was under way when an endpoint first answered badly; what came later is `failedAgain`.
  "sick-service": { figure: "failed", client: "east" },
  // What goes to the lost gateway until DNS leaves it out; how long that takes is `steadyAfterFault`.
  "cluster-loss-outside": { figure: "failed", client: "outside" },
};

/**
 * Runs experiments and demands that each is what it was expected to be, and that its figures follow from its logs.
 * @returns seconds that they took
 */
export async function experimentsHold(stack: string, repeats: number, ...names: readonly string[]): Promise<number> {
  // Each suite destroys its stack, and what experiments made with it.
  const options = `--stack ${stack} --repeats ${String(repeats)} --keep`;
  const command = `npm run --silent lab -- experiment run ${names.join(" ")} ${options}`;
  const begun = performance.now();
  const { stderr } = await sh(command);
  const seconds = (performance.now() - begun) / 1_000;
  const folders = [...stderr.matchAll(/(\S+)\/report\.md$/gm)].map(([, folder = ""]) => folder);
  assert.equal(folders.length, names.length, stderr);
  for (const folder of folders) {
    await must(`npm run --silent lab -- experiment verify ${folder}`);
    const result = JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as Result;
    assert.ok(result.repeats.every(isSound), stderr);
    const failed = result.verdict.checks.filter(({ holds }) => !holds);
    const unexpected = failed.filter((check) => !isKnown(check, missed[result.experiment]));
    assert.deepEqual(unexpected, [], stderr.split("\n").slice(-40).join("\n"));
  }
  return seconds;
}

const isKnown = ({ expectation, client }: Check, known: Missed | undefined): boolean =>
  known?.figure === expectation.figure && known.client === client;

/** Declares tests that measure experiments as the pages show them: five repeats each, on a lab of their own. */
export function measuredOnMulti(what: string, ...names: readonly string[]): void {
  describe(`[full] experiments on --stack multi: ${what}`, function () {
    this.timeout(3_600_000);
    const stack = new Stack("multi");

    comesUp(stack, ["east", "west"]);
    for (const name of names)
      it(`${name} is as expected, five times`, async () => void (await experimentsHold(stack.name, 5, name)));
    goesAway(stack);
  });
}
