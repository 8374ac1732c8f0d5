import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import type { Expectation } from "../../../../lab/experiment/measure/verdict.ts";
import type { Result } from "../../../../lab/experiment/result.ts";
import { reportMarkdown } from "../../../../lab/experiment/show/report.ts";
import { sample, type SampleOptions } from "../samples.ts";
import { tableBelow, tableFaults, tablesOf } from "./markdown.ts";

const expectations: readonly Expectation[] = [
  { figure: "failed", atMost: 5, because: "a request is sent a second time" },
  { figure: "firstFromElsewhere", client: "east", atMost: 500, because: "the nearest other cluster has the service" },
  { figure: "firstFromElsewhere", client: "west", never: true, because: "its own cluster answers" },
];

const failures = [3, 0, 7];

const report = (options: SampleOptions = {}): string => reportMarkdown(sample(options).result);

const rowOf = (table: readonly string[][], ...beginning: string[]): string[] =>
  table.find((row) => beginning.every((cell, index) => row[index] === cell)) ??
  assert.fail(`no row ${beginning.join()}`);

const documents: Readonly<Record<string, string>> = {
  "one repeat": report({ failures: [3] }),
  "three repeats": report({ failures, expectations }),
  "total outage without an undo": report({ outage: true, undo: false }),
  "a control": report({ with: { control: true } }),
  "three clients": report({ clients: ["east", "west", "north"] }),
  "no policy": report({ with: { policy: [] } }),
};

describe("the report of an experiment", () => {
  for (const [name, markdown] of Object.entries(documents))
    it(`has tables of equal rows and nothing that is undefined: ${name}`, () => {
      assert.deepEqual(tableFaults(markdown), []);
      assert.ok(tablesOf(markdown).length >= 8);
      assert.doesNotMatch(markdown, /undefined|NaN|Infinity|null|\[object/);
    });

  it("begins with the verdict, its reason and the picture", () => {
    const [title, , verdict, , picture, , which] = report({ failures: [3, 0, 4], expectations }).split("\n");
    assert.equal(title, "# scale-to-zero: the service of one cluster to 0 replicas");
    assert.equal(verdict, "**Holds.** All of it held in 3 repeats.");
    assert.equal(picture, "![Timeline of repeat 1 of 3](timeline.svg)");
    assert.match(which ?? "", /median repeat/);
  });

  it("says for each expectation that does not hold what was found, with units", () => {
    const strict: Expectation = { figure: "p99During", client: "east", atMost: 20, because: "" };
    const [, , verdict, , ...reasons] = report({ failures, expectations: [...expectations, strict] }).split("\n");
    assert.equal(verdict, "**Does not hold.**");
    assert.equal(reasons[0], "- Failed requests, client in east: 3 (0 to 7); expected at most 5.");
    assert.match(
      reasons[1] ?? "",
      /^- P99 latency from fault to undo, client in east: \d+ ms.*; expected at most 20 ms\.$/,
    );
    assert.match(
      report({ failures: [3] }),
      /^\*\*Does not hold\.\*\* Failed requests, client in east: 3; expected at most 0\.$/m,
    );
  });

  it("says of a control whether it failed as predicted", () => {
    const control = { control: true };
    const predicted: Expectation = { figure: "failed", client: "east", atLeast: 3, because: "nothing is ejected" };
    assert.match(
      report({ expectations: [predicted], with: control }),
      /^\*\*Failed as predicted\.\*\* All of it held/m,
    );
    assert.match(
      report({ failures: [1], expectations: [predicted], with: control }),
      /^\*\*Did not fail as predicted\.\*\*/m,
    );
    assert.match(report({ with: control }), /This is a control/);
    assert.doesNotMatch(report(), /control|predicted/);
  });

  it("lists each expectation of each client with what was measured", () => {
    const table = tableBelow(report({ failures, expectations }), "Expectations");
    assert.deepEqual(
      table.map((row) => [...row.slice(0, 3), ...row.slice(4)]),
      [
        ["figure", "client", "expected", "holds", "because"],
        ["failed requests", "client in east", "at most 5", "**no**", "a request is sent a second time"],
        ["failed requests", "client in west", "at most 5", "yes", "a request is sent a second time"],
        [
          "from the fault to the first good answer from elsewhere",
          "client in east",
          "at most 500 ms",
          "yes",
          "the nearest other cluster has the service",
        ],
        [
          "from the fault to the first good answer from elsewhere",
          "client in west",
          "never",
          "yes",
          "its own cluster answers",
        ],
      ],
    );
    assert.deepEqual([table[1]?.[3], table[2]?.[3], table[4]?.[3]], ["3 (0 to 7)", "0", "never"]);
    assert.match(table[3]?.[3] ?? "", /^\d+ ms \(\d+ ms to \d+ ms\)$/);
  });

  it("gives every figure of every client, and says what never came or was not measured", () => {
    const table = tableBelow(report({ failures, undo: false }), "Figures");
    assert.deepEqual(table[0], ["figure", "client in east", "client in west"]);
    assert.deepEqual(rowOf(table, "requests since the fault").slice(1), ["7,000", "7,000"]);
    assert.deepEqual(rowOf(table, "failed requests").slice(1), ["3 (0 to 7)", "0"]);
    assert.match(rowOf(table, "from the fault to the first error")[1] ?? "", / ms\); never in 1 of 3 repeats$/);
    assert.equal(rowOf(table, "from the fault to the first error")[2], "never");
    assert.deepEqual(rowOf(table, "from the undo to fail-back").slice(1), ["—", "—"]);
    assert.deepEqual(rowOf(table, "share answered from home from fault to undo").slice(1), ["0 %", "100 %"]);
    assert.equal(table.length, 1 + 14 + 2);
  });

  it("gives the latency of each phase, and none where nothing was sent", () => {
    const table = tableBelow(report({ undo: false }), "Latency");
    const [east, west] = [rowOf(table, "client in east", "p99"), rowOf(table, "client in west", "p99")];
    assert.match(east[3] ?? "", /^(6|7)\d ms$/);
    assert.match(west[3] ?? "", /^1\d ms$/);
    assert.deepEqual([east[4], west[4], west[5]], ["—", "—", "—"]);
  });

  it("says which cluster answered how much in each phase", () => {
    const table = tableBelow(report(), "Who answered").slice(1);
    assert.deepEqual(table, [
      ["client in east", "east", "100 %", "0 %", "80 %"],
      ["client in east", "west", "0 %", "100 %", "20 %"],
      ["client in west", "west", "100 %", "100 %", "100 %"],
    ]);
    const outage = tableBelow(report({ outage: true, undo: false }), "Who answered").slice(1);
    assert.deepEqual(outage[0], ["client in east", "east", "100 %", "—", "—"]);
  });

  it("says what was done when in each repeat, and where each raw log is", () => {
    const markdown = report({ failures: [1, 2] });
    const marks = tableBelow(markdown, "What was done").slice(1);
    assert.equal(marks.length, 4);
    assert.deepEqual(marks[3], [
      "2",
      "undo",
      "2026-11-28 10:00:35.000 UTC",
      "20.0 s",
      "1,200 ms",
      "helloworld of east back to 1 replica",
    ]);
    assert.deepEqual(tableBelow(markdown, "Raw logs")[2], [
      "2",
      "[requests-2.csv](requests-2.csv)",
      "2026-11-28 10:00:00.000 UTC",
    ]);
  });

  it("gives versions, machine, load, clocks and clusters", () => {
    const conditions = (options: SampleOptions) =>
      new Map(tableBelow(report(options), "Conditions") as [string, string][]);
    const plain = conditions({});
    assert.equal(plain.get("versions"), "istio 1.31.1, envoy 1.39.0, k6 1.4.0, lab 0.1.0");
    assert.equal(plain.get("machine"), "2 cores of Imagined CPU @ 2.50GHz, 24 GiB, Linux 6.12.0");
    assert.match(plain.get("load") ?? "", /^200 requests\/s from each client/);
    assert.equal(plain.get("clocks"), "all clients and the command have one clock");
    assert.equal(plain.get("not sent in time"), "none");
    const { result } = sample();
    const skew = { east: { ahead: -3.2, within: 0.5 } };
    const repeats = result.repeats.map((repeat) => ({ ...repeat, dropped: { east: 0, west: 12 } }));
    const skewed = conditions({ with: { load: { ...result.load, skew }, repeats } });
    assert.equal(skewed.get("clock of the client in east"), "3.2 ms behind, to within 0.5 ms");
    assert.equal(skewed.get("not sent in time"), "12 of the client in west in repeat 1: the rate was not constant");
    assert.deepEqual(tableBelow(report(), "Clusters")[1], [
      ...["east", "primary", "network-east", "us-east-1"],
      ...["east-a, east-b", "1.36.3", "2"],
    ]);
  });

  it("holds the policy in force as YAML that gives the same objects back, whatever stands in it", () => {
    const policy = ["```\n````\n| a |", ""].map((note) => ({
      cluster: "east",
      kind: "VirtualService",
      namespace: "sample",
      name: "helloworld",
      spec: { note },
    }));
    const markdown = report({ with: { policy } });
    const [, fence = "", yaml = ""] = /^(`{3,})yaml\n([\s\S]*?)\n\1$/m.exec(markdown) ?? [];
    assert.equal(fence.length, 5);
    assert.deepEqual(
      parseAllDocuments(yaml).map((document): unknown => document.toJS()),
      policy,
    );
    assert.match(report({ with: { policy: [] } }), /## Policy in force\n\nThere was none/);
  });

  it("shows code in a reason as code, and escapes what names may hold", () => {
    const nasty = "a|b *c* `d` <e> [f](g) &amp; \\\nh";
    const named: Partial<Result> = { title: nasty, stack: nasty };
    const markdown = report({
      clients: [nasty],
      with: named,
      expectations: [{ figure: "late", atMost: 0, because: "`a|b` is 1" }],
    });
    assert.deepEqual(tableFaults(markdown), []);
    assert.equal(markdown.split("\n")[0], "# scale-to-zero: a|b \\*c\\* \\`d\\` \\<e\\> \\[f\\](g) &amp;amp; \\\\ h");
    const escaped = "a\\|b \\*c\\* \\`d\\` \\<e\\> \\[f\\](g) &amp;amp; \\\\ h";
    assert.equal(rowOf(tableBelow(markdown, "Conditions"), "stack")[1], escaped);
    assert.equal(tableBelow(markdown, "Expectations")[1]?.at(-1), "`a\\|b` is 1");
    assert.equal(tableBelow(markdown, "Figures")[0]?.[1], `client in ${escaped}`);
  });
});

describe("what the tests of Markdown read", () => {
  it("notices rows that are longer than others, and tables without a line below their titles", () => {
    assert.deepEqual(tableFaults("| a | b |\n| --- | --- |\n| 1 | 2 |"), []);
    assert.match(tableFaults("| a | b |\n| --- | --- |\n| 1 | 2 | 3 |").join(), /another number/);
    assert.match(tableFaults("| a | b |\n| --- |\n| 1 | 2 |").join(), /another number/);
    assert.match(tableFaults("| a | b |\n| 1 | 2 |").join(), /no table/);
    assert.deepEqual(tablesOf("| a\\|b |\n| --- |\n| 1 |"), [[["a\\|b"], ["1"]]]);
  });
});
