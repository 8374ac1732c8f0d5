import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Exercise } from "../../../lab/exercise/exercise.ts";
import { exercises } from "../../../lab/exercise/set/all.ts";

const folder = fileURLToPath(new URL("../../../local/e2e", import.meta.url));
const suites = readdirSync(folder)
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(folder, file), "utf8"));

/** What the calls of `exercisesHold(stack, ...further)` in a suite name, its own stack by its name. */
function runBy(suite: string): { stacks: string[]; further: string[] } {
  const [, own = ""] = /const stack = new Stack\("([\w-]+)"\)/.exec(suite) ?? [];
  const calls = [...suite.matchAll(/^(?!\s*\/\/).*\bexercisesHold\(([^)]*)\)/gm)].map(([, given = ""]) =>
    given.replace("stack.name", `"${own}"`).match(/[\w-]+/g),
  );
  return {
    stacks: calls.flatMap((names) => names?.slice(0, 1) ?? []),
    further: calls.flatMap((names) => names?.slice(1) ?? []),
  };
}

/** Exercises that the local cloud can run and no suite does. */
function unrun(all: readonly Exercise[], texts: readonly string[]): string[] {
  const run = texts.map(runBy);
  return all
    .filter(({ notOnLocalCloud }) => notOnLocalCloud === undefined)
    .filter(({ name, stack }) => !run.some(({ stacks, further }) => stacks.includes(stack) || further.includes(name)))
    .map(({ name }) => name);
}

describe("the exercises that the local cloud can run", () => {
  it("are run by a suite on real clusters", () => assert.deepEqual(unrun(exercises, suites), []));

  describe("are missed", () => {
    const without = (pattern: RegExp, by = ""): string[] => {
      const changed = suites.map((text) => text.replace(pattern, by));
      assert.notDeepEqual(changed, suites);
      return unrun(exercises, changed);
    };

    it("where no suite names their stack", () =>
      assert.deepEqual(without(/exercisesHold\("canary"\)/), ["canary-upgrade"]));

    it("where the suite that does says so in a comment alone", () =>
      assert.deepEqual(without(/(?=exercisesHold\("two-meshes"\))/, "\n// "), ["two-meshes"]));

    it("where the suite of another stack does not name them", () =>
      assert.deepEqual(without(/, "ha-control-plane"/), ["ha-control-plane"]));

    it("where the suite's own stack is another one", () =>
      assert.deepEqual(without(/stack\.name, "external-control-plane"/, "stack.name"), ["external-control-plane"]));
  });

  it("do not count the others, nor miss one by the suite's own stack", () => {
    const [exercise] = exercises;
    assert.ok(exercise);
    assert.deepEqual(unrun([{ ...exercise, notOnLocalCloud: "why" }], []), []);
    const suite = `const stack = new Stack("${exercise.stack}");\nexercisesHold(stack.name);`;
    assert.deepEqual(unrun([exercise], [suite]), []);
  });
});
