import assert from "node:assert/strict";
import { closing, type Comparison, exitCode, holds, table } from "./report.ts";
import { count } from "../suites/count.ts";

const comparison = (subject: number[], reference: number[], limit: number | undefined): Comparison => ({
  what: "this",
  unit: "s",
  subject,
  reference,
  limit,
});
const kept = comparison([1.4, 1.5, 1.6], [1, 1, 1], 1.5);
const broken = comparison([1.4, 1.51, 1.6], [1, 1, 1], 1.5);
const shown = comparison([9], [1], undefined);

describe("the bench's report", () => {
  it("holds a promise up to its limit, and not beyond", () => {
    assert.deepEqual([kept, broken, shown].map(holds), [true, false, true]);
  });

  it("ends with 1 as soon as one limit is broken", () => {
    assert.equal(exitCode([kept, shown]), 0);
    assert.equal(exitCode([kept, broken, shown]), 1);
  });

  it("shows median, range, ratio, limit and verdict", () => {
    const [header, first, second, third] = table([kept, broken, shown]).split("\n");
    assert.match(header!, /measured +compared with +ratio +limit/);
    assert.match(first!, /^this +1\.50 \(1\.40-1\.60\) s +1\.00 \(1\.00-1\.00\) s +1\.50 \(1\.40-1\.60\) +1\.50 +ok$/);
    assert.match(second!, /1\.51 \(1\.40-1\.60\) +1\.50 +BROKEN$/);
    assert.match(third!, /9\.00 \(9\.00-9\.00\) +- +shown only$/);
  });

  it("closes with lines that the suite runner counts", () => {
    assert.deepEqual(count(closing([kept, broken, shown]), 1), { passed: 1, failed: 1 });
    assert.deepEqual(count(closing([kept, shown]), 0), { passed: 1, failed: 0 });
  });
});
