import assert from "node:assert/strict";
import { figureNames } from "../../../../lab/experiment/measure/verdict.ts";
import * as words from "../../../../lab/experiment/show/words.ts";
import { sample } from "../samples.ts";

describe("the words for figures", () => {
  it("are there for each figure once, and none is the other's", () => {
    assert.deepEqual(words.shownFigures.toSorted(), figureNames.toSorted());
    assert.equal(new Set(figureNames.map(words.figureLabel)).size, figureNames.length);
  });

  it("give milliseconds below ten seconds, seconds from there on", () => {
    const written = [0, 0.26, 9.96, 10.4, 999.6, 1_234, 9_999.4, 9_999.6, 10_049, 61_234].map(words.duration);
    const expected = [
      "0 ms",
      "0.3 ms",
      "10 ms",
      "10 ms",
      "1,000 ms",
      "1,234 ms",
      "9,999 ms",
      "10.0 s",
      "10.0 s",
      "61.2 s",
    ];
    assert.deepEqual(written, expected);
  });

  it("never write a share as all or nothing that is not", () => {
    const written = [0, 0.000_001, 0.000_05, 0.0123, 0.5, 0.999_57, 0.999_999, 1].map(words.percentage);
    const expected = ["0 %", "below 0.001 %", "0.005 %", "1.2 %", "50 %", "99.957 %", "above 99.999 %", "100 %"];
    assert.deepEqual(written, expected);
    for (let exponent = 1; exponent < 9; exponent += 0.1)
      for (const share of [10 ** -exponent, 1 - 10 ** -exponent])
        assert.doesNotMatch(words.percentage(share), /^(0|100) %$/, String(share));
  });

  it("sign a difference by what is written: nothing that is written as nothing has a sign", () => {
    const written = [
      words.figureDifference("failed", 1_234),
      words.figureDifference("failed", 0),
      words.figureDifference("p99During", -12.4),
      words.figureDifference("p99During", -0.01),
      words.figureDifference("failedShare", 0.125),
      words.figureDifference("failedShare", -0.000_43),
    ];
    assert.deepEqual(written, ["+1,234", "0", "−12 ms", "0 ms", "+12.5 points", "−0.043 points"]);
  });

  it("write limits with their units", () => {
    const because = "";
    assert.equal(words.figureLimit({ figure: "failed", atMost: 0, because }), "at most 0");
    assert.equal(words.figureLimit({ figure: "steadyAfterFault", atMost: 5_000, because }), "at most 5,000 ms");
    assert.equal(
      words.figureLimit({ figure: "homeShareDuring", atLeast: 0.3, atMost: 0.5, because }),
      "at least 30 % and at most 50 %",
    );
    assert.equal(words.figureLimit({ figure: "firstFromElsewhere", never: true, because }), "never");
  });

  it("give the range beside the median where it can be seen, and say how often there was none", () => {
    const write = words.duration;
    assert.equal(words.spreadOf([3, 1, 2], write, "never"), "2 ms (1 ms to 3 ms)");
    assert.equal(words.spreadOf([11.1, 11.2, 11.3], write, "never"), "11 ms");
    assert.equal(words.spreadOf([3, null, 1, null], write, "never"), "2 ms (1 ms to 3 ms); never in 2 of 4 repeats");
    assert.equal(words.spreadOf([null, 3], write, words.notMeasured), "3 ms; none in 1 of 2 repeats");
    assert.equal(words.spreadOf([null, null], write, "never"), "never");
  });

  it("tell what never came from what was not measured", () => {
    const [undone, kept] = [sample().result, sample({ undo: false }).result];
    assert.equal(words.absentFigure("firstError", kept), "never");
    assert.equal(words.absentFigure("failBack", undone), "never");
    assert.equal(words.absentFigure("failBack", kept), "—");
    assert.equal(words.absentFigure("failureP99", undone), "—");
  });
});
