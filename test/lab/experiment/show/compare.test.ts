import assert from "node:assert/strict";
import type { Result } from "../../../../lab/experiment/result.ts";
import { compareMarkdown } from "../../../../lab/experiment/show/compare.ts";
import { UsageError } from "../../../../lab/plan/usage-error.ts";
import { sample, type SampleOptions } from "../samples.ts";
import { tableBelow, tableFaults } from "./markdown.ts";

const resultOf = (options: SampleOptions = {}): Result => sample({ failures: [3, 0, 7], ...options }).result;

/** What differs between a run and one with these changes. */
const differences = (changed: Result, from = resultOf()): string[][] =>
  tableBelow(compareMarkdown(from, changed), "What differs").slice(1);

const row = (markdown: string, client: string, figure: string): string[] =>
  tableBelow(markdown, "Figures")
    .find((cells) => cells[0] === client && cells[1] === figure)
    ?.slice(2) ?? assert.fail(`no row of ${figure}`);

describe("the comparison of two runs", () => {
  it("finds nothing that differs in a run and its repetition", () => {
    const markdown = compareMarkdown(resultOf(), resultOf({ with: { started: "2026-11-29T00:00:00.000Z" } }));
    assert.match(markdown, /## What differs\n\nNothing: /);
    assert.deepEqual(row(markdown, "client in east", "failed requests"), [
      "3 (0 to 7)",
      "3 (0 to 7)",
      "0",
      "ranges overlap",
    ]);
  });

  it("names every condition that differs, and no other", () => {
    const same = resultOf();
    const changes: readonly [Partial<Result>, string[]][] = [
      [{ versions: { ...same.versions, istio: "1.32.0" } }, ["version of istio", "1.31.1", "1.32.0"]],
      [{ versions: { ...same.versions, k6: "1.5.0" } }, ["version of k6", "1.4.0", "1.5.0"]],
      [{ stack: "single" }, ["stack", "multi", "single"]],
      [{ platform: "eks" }, ["platform", "local cloud", "eks"]],
      [{ machine: { ...same.machine, cores: 8 } }, ["cores", "2", "8"]],
      [{ load: { ...same.load, rate: 300 } }, ["load from each client", "200 requests/s", "300 requests/s"]],
      [{ load: { ...same.load, timeout: 2 } }, ["clients give up after", "10.0 s", "2,000 ms"]],
      [
        { clusters: same.clusters.map((each) => (each.name === "west" ? { ...each, nodes: 3 } : each)) },
        ["cluster west: nodes", "2", "3"],
      ],
      [{ clusters: same.clusters.slice(0, 1) }, ["cluster west", "part of it", "none"]],
      [{ repeats: same.repeats.slice(0, 2) }, ["repeats", "3", "2"]],
    ];
    for (const [change, expected] of changes) assert.deepEqual(differences({ ...same, ...change }), [expected]);
    const strict = resultOf({ expectations: [{ figure: "failed", atMost: 9, because: "" }] });
    assert.deepEqual(differences(strict)[0], ["expected of failed requests, client in east", "at most 0", "at most 9"]);
    const dropped = same.repeats.map((repeat) => ({ ...repeat, dropped: { east: 2, west: 0 } }));
    assert.deepEqual(differences({ ...same, repeats: dropped }), [["not sent in time", "0", "6"]]);
  });

  it("finds what differs in the policy of a cluster, down to the setting", () => {
    const rule = (maxEjectionPercent: number, cluster = "east") => ({
      cluster,
      kind: "DestinationRule",
      namespace: "sample",
      name: "helloworld",
      spec: { trafficPolicy: { outlierDetection: { maxEjectionPercent } }, exportTo: ["*"] },
    });
    const withPolicy = (...policy: Result["policy"]): Result => resultOf({ with: { policy } });
    const setting = "spec.trafficPolicy.outlierDetection.maxEjectionPercent";
    assert.deepEqual(differences(withPolicy(rule(10)), withPolicy(rule(100))), [
      [`DestinationRule sample/helloworld of east: ${setting}`, "100", "10"],
    ]);
    assert.match(compareMarkdown(withPolicy(rule(10)), withPolicy(rule(10))), /Nothing: /);
    assert.deepEqual(differences(withPolicy(), withPolicy(rule(100))), [
      ["DestinationRule sample/helloworld of east", "in force", "none"],
    ]);
    const both = withPolicy(rule(10), rule(10, "west"));
    assert.deepEqual(differences(withPolicy(rule(10), rule(20, "west")), both), [
      [`DestinationRule sample/helloworld of west: ${setting}`, "10", "20"],
    ]);
  });

  it("says whether ranges overlap, and no more", () => {
    const markdown = compareMarkdown(resultOf(), resultOf({ failures: [30, 20, 70] }));
    assert.deepEqual(row(markdown, "client in east", "failed requests"), [
      "3 (0 to 7)",
      "30 (20 to 70)",
      "+27",
      "ranges apart",
    ]);
    const touching = compareMarkdown(resultOf(), resultOf({ failures: [7, 8, 9] }));
    assert.equal(row(touching, "client in east", "failed requests")[3], "ranges overlap");
    const touchingBelow = compareMarkdown(resultOf({ failures: [7, 8, 9] }), resultOf());
    assert.equal(row(touchingBelow, "client in east", "failed requests")[3], "ranges overlap");
    const back = compareMarkdown(resultOf({ failures: [8, 9, 10] }), resultOf());
    assert.deepEqual(row(back, "client in east", "failed requests").slice(2), ["−6", "ranges apart"]);
    assert.doesNotMatch(markdown, /significant/);
  });

  it("claims no range of one repeat, nor of a figure that some repeats lack or a run has not", () => {
    const single = compareMarkdown(resultOf({ failures: [3] }), resultOf({ failures: [9] }));
    assert.deepEqual(row(single, "client in east", "failed requests").slice(2), ["+6", "one repeat: no range"]);
    const several = compareMarkdown(resultOf(), resultOf({ failures: [3, 3, 3] }));
    assert.equal(row(several, "client in east", "from the fault to the first error")[3], "not in every repeat");
    const undone = compareMarkdown(resultOf(), resultOf({ undo: false }));
    assert.deepEqual(row(undone, "client in west", "from the undo to fail-back"), ["0 ms", "—", "—", "—"]);
    assert.deepEqual(row(undone, "client in west", "from the fault to the first error"), ["never", "never", "—", "—"]);
  });

  it("shows clients that only one of the runs had", () => {
    const markdown = compareMarkdown(resultOf(), resultOf({ clients: ["east", "north"] }));
    assert.deepEqual(row(markdown, "client in west", "failed requests"), ["0", "—", "—", "—"]);
    assert.deepEqual(row(markdown, "client in north", "failed requests"), ["—", "0", "—", "—"]);
    assert.deepEqual(tableFaults(markdown), []);
    assert.doesNotMatch(markdown, /undefined|NaN|Infinity/);
  });

  it("gives both verdicts with their reasons", () => {
    const markdown = compareMarkdown(resultOf(), resultOf({ failures: [0, 0, 0] }));
    assert.match(
      markdown,
      /^- \*\*A\*\*, 2026-11-28 09:59 UTC: \*\*does not hold\*\*\. Failed requests, client in east: 3/m,
    );
    assert.match(markdown, /^- \*\*B\*\*, 2026-11-28 09:59 UTC: \*\*holds\*\*\. All of it held in 3 repeats\.$/m);
  });

  it("refuses runs of different experiments, and says what to give it instead", () => {
    const other = resultOf({ with: { experiment: "gateway-loss" } });
    assert.throws(
      () => compareMarkdown(resultOf(), other),
      (error) => error instanceof UsageError && /scale-to-zero.*gateway-loss.*out\/experiments\//.test(error.message),
    );
  });

  it("escapes what names may hold", () => {
    const markdown = compareMarkdown(resultOf(), resultOf({ with: { stack: "a|b *c*" } }));
    assert.deepEqual(tableBelow(markdown, "What differs")[1], ["stack", "multi", "a\\|b \\*c\\*"]);
    assert.deepEqual(tableFaults(markdown), []);
  });
});
