/** Experiments of the `lab` command, run as docs/en/experiments has them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { comesUp, goesAway } from "./lifecycle.ts";
import { must, sh, Stack } from "./shell.ts";

/** Of `result.json`, what tests look at. */
interface Result {
  readonly experiment: string;
  readonly repeats: readonly {
    readonly dropped: Readonly<Record<string, number>>;
    /** Why the lab was not steady at the end. */
    readonly unsteady?: string;
  }[];
  readonly verdict: {
    readonly checks: readonly { readonly expectation: { readonly figure: string }; readonly holds: boolean }[];
  };
}

/** Figures that are not always what they must be, and why: docs/en/failover.md, "Findings". */
const missed: Readonly<Record<string, string>> = {
  // A client's requests that were under way to an endpoint when its first bad answer arrived.
  "sick-service": "failed",
};

/** Runs experiments and demands that each is what it was expected to be, and that its figures follow from its logs. */
export async function experimentsHold(stack: string, repeats: number, ...names: readonly string[]): Promise<void> {
  // Each suite destroys its stack, and what experiments made with it.
  const options = `--stack ${stack} --repeats ${String(repeats)} --keep`;
  const command = `npm run --silent lab -- experiment run ${names.join(" ")} ${options}`;
  const { stderr } = await sh(command);
  const folders = [...stderr.matchAll(/(\S+)\/report\.md$/gm)].map(([, folder = ""]) => folder);
  assert.equal(folders.length, names.length, stderr);
  for (const folder of folders) {
    await must(`npm run --silent lab -- experiment verify ${folder}`);
    const result = JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as Result;
    for (const { dropped, unsteady } of result.repeats) {
      assert.deepEqual(Object.values(dropped).filter(Boolean), [], `${result.experiment}: the load was not constant`);
      assert.equal(unsteady, undefined, result.experiment);
    }
    const failed = result.verdict.checks.filter(({ holds }) => !holds).map(({ expectation }) => expectation.figure);
    const unexpected = failed.filter((figure) => figure !== missed[result.experiment]);
    assert.deepEqual(unexpected, [], stderr.split("\n").slice(-40).join("\n"));
  }
}

/** Declares tests that measure experiments as the pages show them: five repeats each, on a lab of their own. */
export function measuredOnMulti(what: string, ...names: readonly string[]): void {
  describe(`[full] experiments on --stack multi: ${what}`, function () {
    this.timeout(3_600_000);
    const stack = new Stack("multi");

    comesUp(stack, ["east", "west"]);
    for (const name of names) it(`${name} is as expected, five times`, () => experimentsHold(stack.name, 5, name));
    goesAway(stack);
  });
}
