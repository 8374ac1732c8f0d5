import assert from "node:assert/strict";
import type { Exercise } from "../../../lab/exercise/exercise.ts";
import { exercises } from "../../../lab/exercise/set/all.ts";
import { refusalOf, stageOf } from "../../../lab/exercise/stage.ts";
import { readSource } from "../../../lab/plan/source.ts";
import { knownStacks } from "../../../lab/plan/stacks.ts";
import { planConfig, planningTime } from "../../../topology/plan.ts";

const planOf = (stack: string) => planConfig(readSource({ stack }).raw, planningTime(new Date("2026-11-28")));
const canRun = (exercise: Exercise, stack: string) => refusalOf(exercise, stack, stageOf(planOf(stack))) === undefined;
const named = (name: string) => exercises.find((exercise) => exercise.name === name)!;

describe("the exercises", () => {
  it("are at least twenty, with a name each", () => {
    assert.ok(exercises.length >= 20);
    assert.equal(new Set(exercises.map(({ name }) => name)).size, exercises.length);
    for (const { name, namespaces } of exercises) {
      assert.match(name, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(namespaces.length > 0);
      for (const namespace of namespaces) assert.ok(namespace.startsWith(`exercise-${name}`));
    }
  });

  for (const exercise of exercises)
    it(`${exercise.name} can run on the stack that its page uses`, () => {
      assert.ok(knownStacks().includes(exercise.stack));
      assert.ok(canRun(exercise, exercise.stack));
    });

  it("run nowhere in ambient mode, and those of one cluster on every other stack", () => {
    for (const exercise of exercises) assert.ok(!canRun(exercise, "single-ambient"), exercise.name);
    const stacks = knownStacks().filter((stack) => !stack.includes("ambient"));
    for (const stack of stacks) assert.ok(canRun(named("first-mesh"), stack), stack);
  });

  const refused: [exercise: string, stack: string, why: RegExp][] = [
    ["two-clusters", "single", /two clusters with workloads in one mesh/],
    ["two-clusters", "cluster-tenancy", /that call each other/],
    ["two-clusters", "two-meshes", /in one mesh/],
    ["identity", "single", /a root that the lab gave/],
    ["cluster-tenancy", "multi", /dedicated to tenants/],
    ["two-meshes", "multi", /two meshes of which one offers/],
    ["ingress-gateway", "tenants", /an ingress gateway/],
    ["egress-gateway", "multi", /an egress gateway/],
    ["ha-control-plane", "single", /more than one istiod/],
    ["canary-upgrade", "single", /two control planes/],
    ["primary-remote", "multi", /a remote cluster/],
    ["external-control-plane", "primary-remote", /an external control plane/],
  ];
  for (const [name, stack, why] of refused)
    it(`${name} is refused on ${stack}, with the reason and where it can run`, () => {
      const refusal = refusalOf(named(name), stack, stageOf(planOf(stack))) ?? "";
      assert.match(refusal, why);
      assert.ok(refusal.endsWith(`The stack ${named(name).stack} has that.`));
    });

  it("see the same two clusters on every stack: one that holds its own objects, and another of its mesh first", () => {
    const names = (stack: string) => {
      const { near, far } = stageOf(planOf(stack));
      return [near.name, far.name];
    };
    assert.deepEqual(names("single"), ["primary", "primary"]);
    assert.deepEqual(names("multi"), ["east", "west"]);
    assert.deepEqual(names("primary-remote"), ["primary", "remote"]);
    assert.deepEqual(names("external-control-plane"), ["config", "config"]);
    assert.deepEqual(names("two-meshes"), ["east", "west"]);
  });
});
