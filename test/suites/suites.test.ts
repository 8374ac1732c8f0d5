import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { suites } from "./suites.ts";

const root = resolve(import.meta.dirname, "../..");

describe("what a suite reads", () => {
  const reads = (suite: string, file: string): boolean => {
    const found = suites.find(({ name }) => name === suite) ?? assert.fail(`there is no suite ${suite}`);
    return found.reads?.(file) ?? true;
  };

  it("is everything for those on the recorder, and for every suite the program and the local cloud", () => {
    assert.ok(reads("recorder", "docs/en/cost.md"));
    for (const { name } of suites.filter((each) => /^(local cloud|faults), /.test(each.name)))
      for (const file of [
        "index.ts",
        "topology/plan.ts",
        "components/lab.ts",
        "local/versions.ts",
        "package-lock.json",
      ])
        assert.ok(reads(name, file), `${name} ${file}`);
  });

  it("of the command `lab` is what the suite runs", () => {
    const files = ["lab/experiment/run/run.ts", "lab/exercise/set/routing.ts", "lab/cluster/wait.ts"];
    const of = (suite: string) => files.map((file) => reads(suite, file));
    assert.deepEqual(of("local cloud, tenants"), [false, false, false]);
    assert.deepEqual(of("local cloud, experiments-pods"), [true, false, true]);
    assert.deepEqual(of("local cloud, life"), [false, false, true]);
    assert.deepEqual(of("local cloud, single"), [true, true, true]);
  });

  it("of the set of experiments is what the suite measures", () => {
    const files = ["pod-kill", "zone-loss", "common", "all"].map((name) => `lab/experiment/set/${name}.ts`);
    const of = (suite: string) => files.map((file) => reads(suite, file));
    assert.deepEqual(of("local cloud, experiments-pods"), [true, false, true, true]);
    assert.deepEqual(of("local cloud, experiments-nodes"), [false, true, true, true]);
  });

  it("of the faults is what those experiments do", () => {
    const files = ["kill", "config", "scale", "kinds", "served"].map((name) => `lab/experiment/faults/${name}.ts`);
    const of = (suite: string) => files.map((file) => reads(suite, file));
    assert.deepEqual(of("local cloud, experiments-pods"), [true, false, true, true, false]);
    // Their kinds of fault share `served.ts`.
    assert.deepEqual(of("local cloud, experiments-rotations"), [false, true, true, true, true]);
    assert.deepEqual(of("local cloud, experiments-controls"), [true, false, true, true, true]);
    // An experiment that begins with answers from elsewhere scales, as `common.ts` has it.
    assert.deepEqual(of("local cloud, multi"), [true, false, true, true, true]);
  });

  it("of the exercises are those whose stack the suite names, and those it names itself", () => {
    const files = ["routing", "two-clusters", "ha-control-plane", "all"].map((name) => `lab/exercise/set/${name}.ts`);
    const of = (suite: string) => files.map((file) => reads(suite, file));
    assert.deepEqual(of("local cloud, single"), [true, false, false, true]);
    assert.deepEqual(of("local cloud, multi"), [false, true, true, true]);
  });

  it("and a suite runs that command by no other file than those that say so", () => {
    for (const folder of ["local/e2e", "local/faults"]) {
      const files = readdirSync(resolve(root, folder)).filter((file) => file.endsWith(".ts"));
      const running = files.filter((file) =>
        /run --silent lab\b|lab\/cli/.test(readFileSync(resolve(root, folder, file), "utf8")),
      );
      assert.deepEqual(running, folder === "local/e2e" ? ["commands.ts", "exercises.ts", "experiments.ts"] : []);
    }
  });

  it("are no other suites, and only the pages that it names", () => {
    assert.equal(reads("local cloud, tenants", "local/e2e/single.test.ts"), false);
    assert.ok(reads("local cloud, tenants", "local/e2e/tenants.test.ts"));
    assert.equal(reads("local cloud, tenants", "docs/en/certificates.md"), false);
    // A picture that is drawn from what a suite measured would have it run again.
    assert.equal(reads("local cloud, experiments-pods", "docs/pictures/experiments/pod-kill.svg"), false);
    assert.ok(reads("local cloud, reader", "docs/en/certificates.md"));
    // It names `kubeconfig.ts`.
    assert.equal(reads("local cloud, kind", "lab/experiment/faults/config.ts"), false);
  });
});
