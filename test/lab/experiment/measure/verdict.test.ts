import assert from "node:assert/strict";
import type { Figures } from "../../../../lab/experiment/measure/figures.ts";
import { figureNames, judge, read, summarise, type Expectation } from "../../../../lab/experiment/measure/verdict.ts";

const quiet: Figures = {
  sent: 100,
  failed: 0,
  failedAgain: 0,
  late: 0,
  lateBeyond: 5,
  moves: 0,
  latency: { before: { p50: 1, p99: 2 }, during: { p50: 1, p99: 3 }, after: { p50: 1, p99: 2 } },
  shares: { before: { east: 1 }, during: { east: 0.25, west: 0.75 }, after: { east: 1 } },
};
const noneFails: Expectation = { figure: "failed", atMost: 0, because: "another answers" };
const verdict = (expectation: Partial<Expectation>, ...repeats: Partial<Figures>[]) =>
  judge(
    [{ ...noneFails, ...expectation }],
    repeats.map((figures) => ({ east: { ...quiet, ...figures } })),
    true,
  );

describe("a verdict", () => {
  it("holds when every repeat keeps every limit", () => {
    assert.equal(verdict({}, {}, {}).holds, true);
  });

  it("falls with one repeat, and keeps what was measured in each", () => {
    const { holds, checks } = verdict({}, {}, { failed: 3 }, {});
    assert.equal(holds, false);
    assert.deepEqual(checks[0]?.measured, [0, 3, 0]);
  });

  it("falls with a repeat that does not count", () => {
    assert.equal(judge([noneFails], [{ east: quiet }], false).holds, false);
  });

  it("takes a limit as reached, on both sides", () => {
    assert.equal(verdict({ figure: "failBack", atMost: 5_000 }, { failBack: 5_000 }).holds, true);
    assert.equal(verdict({ figure: "failBack", atMost: 5_000 }, { failBack: 5_001 }).holds, false);
    assert.equal(verdict({ figure: "failedShare", atMost: 1, atLeast: 0.9 }, { failed: 90 }).holds, true);
    assert.equal(verdict({ figure: "failedShare", atMost: 1, atLeast: 0.9 }, { failed: 89 }).holds, false);
  });

  it("does not take what never came for soon enough", () => {
    const { holds, checks } = verdict({ figure: "steadyAfterFault", atMost: 5_000 }, {});
    assert.equal(holds, false);
    assert.deepEqual(checks[0]?.measured, [null]);
  });

  it("can expect that something never comes", () => {
    assert.equal(verdict({ figure: "firstFromElsewhere", never: true, atMost: undefined! }, {}).holds, true);
    assert.equal(verdict({ figure: "firstFromElsewhere", never: true }, { firstFromElsewhere: 9 }).holds, false);
  });

  it("asks each client, or the one that is named", () => {
    const repeats = [{ east: quiet, west: { ...quiet, failed: 1 } }];
    assert.equal(judge([noneFails], repeats, true).holds, false);
    assert.equal(judge([{ ...noneFails, client: "east" }], repeats, true).holds, true);
  });

  it("does not hold without expectations, or about a client that is not there", () => {
    assert.equal(judge([], [{ east: quiet }], true).holds, false);
    assert.equal(judge([{ ...noneFails, client: "north" }], [{ east: quiet }], true).holds, false);
  });

  it("reads the percentile that it names, of the phase or the requests that it names", () => {
    assert.equal(read("p99During", quiet), 3);
    assert.equal(read("failureP99", { ...quiet, failureLatency: { p50: 7, p99: 9 } }), 9);
  });

  it("reads the share of the cluster that was home before the fault", () => {
    assert.equal(read("homeShareDuring", quiet), 0.25);
  });

  it("sums up the repeats in which a figure was there", () => {
    const repeats = [{ failBack: 30 }, {}, { failBack: 10 }].map((figures) => ({ ...quiet, ...figures }));
    assert.deepEqual(summarise("failBack", repeats), { median: 20, least: 10, most: 30, repeats: 2 });
    assert.equal(summarise("firstError", repeats), undefined);
    assert.equal(figureNames.includes("failBack"), true);
  });
});
