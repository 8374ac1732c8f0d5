/** The test that every exercise passes: fails before, passes after `solve`, names what is wrong, leaves nothing. */
import assert from "node:assert/strict";
import type { Exercise } from "../../../lab/exercise/exercise.ts";
import { checkExercise, resetExercise, solveExercise, startExercise, type Running } from "../../../lab/exercise/run.ts";
import { perform, type Step } from "../../../lab/exercise/step.ts";
import { problemsOf } from "./laws.ts";
import { type Sight, World } from "./world.ts";

export interface Wrong {
  readonly title: string;
  /** What is done to the right solution. */
  readonly steps?: (world: World) => readonly Step[];
  /** What is seen then, beside the objects. Default: as when it is solved. */
  readonly sight?: Sight;
  /** What the check says. */
  readonly says: RegExp;
}

/** Another solution than ours. */
export type Right = Pick<Wrong, "title" | "steps" | "sight">;

export interface Trial {
  /** Default: the stack that its page uses. */
  readonly stack?: string;
  /** What is in the lab beside the exercise. */
  readonly furnish?: (world: World) => void;
  /** What is seen at first. */
  readonly before: Sight;
  /** What is seen when it is solved. */
  readonly solved: Sight;
  readonly right?: readonly Right[];
  readonly wrong: readonly [Wrong, Wrong, Wrong, ...Wrong[]];
}

export function tries(
  exercise: Exercise,
  { stack = exercise.stack, furnish, before, solved, right = [], wrong }: Trial,
): void {
  describe(`the exercise ${exercise.name}`, () => {
    let world: World;
    let of: Running;

    const check = () => checkExercise(exercise, of);
    const does = (steps: readonly Step[]) =>
      perform(steps, { exercise: "a learner's", clusterOf: (name) => world.clusters.get(name)!, signal: of.signal });

    beforeEach(async () => {
      world = new World(stack);
      furnish?.(world);
      world.sight = before;
      of = {
        ...{ lab: world.lab, eye: world.eye(), patience: 0.3 },
        ...{ signal: new AbortController().signal, say: () => undefined },
      };
      await startExercise(exercise, of);
    });

    const solve = async () => {
      world.sight = solved;
      await solveExercise(exercise, of);
    };

    it("is not solved before anything was done, and says so in sentences", async () => {
      const missing = await check();
      assert.ok(missing.length > 0);
      for (const sentence of missing) assert.match(sentence, /^["A-Za-z].*[.?]$/);
    });

    it("is solved by its solution, and by nothing less than that", async () => {
      world.sight = solved;
      const steps = await exercise.solve(world.stage, of.eye!);
      assert.ok(steps.length > 0);
      assert.notDeepEqual(await check(), [], "what is seen alone does not solve it");
      await solve();
      assert.deepEqual(await check(), []);
    });

    it("makes what Istio's own schema allows, once each, and in namespaces that it removes", async () => {
      world.sight = solved;
      assert.deepEqual(problemsOf(exercise, await exercise.start(world.stage, of.eye!)), []);
      assert.deepEqual(problemsOf(exercise, await exercise.solve(world.stage, of.eye!)), []);
    });

    const differently = async ({ steps, sight }: Right) => {
      await solve();
      if (steps !== undefined) await does(steps(world));
      if (sight !== undefined) world.sight = { ...solved, ...sight };
    };

    for (const other of right)
      it(`is solved ${other.title}`, async () => {
        await differently(other);
        assert.deepEqual(await check(), []);
      });

    for (const { title, says, ...other } of wrong)
      it(`is not solved ${title}`, async () => {
        await differently({ title, ...other });
        assert.match((await check()).join("\n"), says);
      });

    it("leaves nothing, solved or not", async () => {
      assert.notDeepEqual(world.leftOf(exercise), []);
      await solve();
      await resetExercise(exercise, of);
      assert.deepEqual(world.leftOf(exercise), []);
      await resetExercise(exercise, of);
      await startExercise(exercise, of);
      await resetExercise(exercise, of);
      assert.deepEqual(world.leftOf(exercise), []);
    });
  });
}
