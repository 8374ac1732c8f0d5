import assert from "node:assert/strict";
import { median, ratios, sample } from "./statistics.ts";

describe("the bench's statistics", () => {
  it("takes the middle of what was measured, in any order", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([10, 9, 100, 1, 2]), 9, "numbers, not texts");
    assert.throws(() => median([]), /no median/);
  });

  it("is not moved by one bad measurement", () => {
    assert.deepEqual(sample([1, 1, 1, 1, 1000]), { median: 1, min: 1, max: 1000 });
  });

  it("compares neighbours in time: a machine that is slow for a while slows both", () => {
    assert.deepEqual(ratios([2, 20, 2], [1, 10, 1]), { median: 2, min: 2, max: 2 });
    // The ratio of the medians would say 20 / 2.
    assert.equal(ratios([2, 20, 40], [1, 10, 2]).median, 2);
    assert.throws(() => ratios([1, 2], [1]), /counterpart/);
  });
});
