/** The test that every exercise passes: fails before, passes after `solve`, names what is wrong, leaves nothing. */
import assert from "node:assert/strict";
import type { Reference } from "../../../lab/cluster/cluster.ts";
import type { Exercise } from "../../../lab/exercise/exercise.ts";
import { checkExercise, resetExercise, solveExercise, startExercise, type Running } from "../../../lab/exercise/run.ts";
import { perform, reference, type Step } from "../../../lab/exercise/step.ts";
import { problemsOf, problemsOfWrong } from "./laws.ts";
import { type Sight, World } from "./world.ts";

/** What a learner does that does not solve it. What is seen then follows from the objects, as it does in a cluster. */
export interface Wrong {
  readonly title: string;
  /** What is done to the right solution. */
  readonly steps: (world: World) => readonly Step[];
  /** They are done in the place of the right solution, and not to it. */
  readonly instead?: true;
  /** What the check says. */
  readonly says: RegExp;
}

/** The right solution, of which something else is seen: by chance, or because something beside it is not well. */
export interface Unexpected {
  readonly title: string;
  readonly sight: Sight;
  readonly says: RegExp;
}

/** Another solution than ours. */
export type Right = Pick<Wrong, "title" | "steps">;

/** As `kubectl edit`: a list is replaced, and null takes away. */
export const edit = (cluster: { readonly name: string }, what: Reference, change: object): Step => ({
  ...{ do: "merge", cluster: cluster.name, change },
  reference: reference(what.apiVersion, what.kind, what.metadata.name, what.metadata.namespace),
});

export interface Trial {
  /** Default: the stack that its page uses. */
  readonly stack?: string;
  /** What is in the lab beside the exercise. */
  readonly furnish?: (world: World) => void;
  /** What is seen at first. */
  readonly before: Sight;
  /** What is seen when something was done, rightly or wrongly. */
  readonly solved: Sight;
  readonly right?: readonly Right[];
  readonly wrong: readonly [Wrong, Wrong, Wrong, ...Wrong[]];
  readonly unexpected?: readonly Unexpected[];
}

export function tries(
  exercise: Exercise,
  { stack = exercise.stack, furnish, before, solved, right = [], wrong, unexpected = [] }: Trial,
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

    it("is tried with three wrong solutions or more, each of which a cluster would take", async () => {
      await solve();
      const solutions = wrong.map(({ title, steps }) => ({ title, steps: steps(world) }));
      assert.deepEqual(problemsOfWrong(solutions), []);
    });

    for (const { title, steps } of right)
      it(`is solved ${title}`, async () => {
        await solve();
        await does(steps(world));
        assert.deepEqual(await check(), []);
      });

    for (const { title, steps, instead, says } of wrong)
      it(`is not solved ${title}`, async () => {
        if (instead) world.sight = solved;
        else await solve();
        const before = await check();
        await does(steps(world));
        const after = await check();
        assert.match(after.join("\n"), says);
        assert.notDeepEqual(after, before, "what was done makes no difference");
      });

    for (const { title, sight, says } of unexpected)
      it(`is not solved, although all is done, ${title}`, async () => {
        await solve();
        world.sight = { ...solved, ...sight };
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
