import assert from "node:assert/strict";
import { planConfig, planningTime } from "../../topology/plan.ts";

const period = (hours: number, now: string): string =>
  planConfig({ access: { readerTokenHours: hours } }, planningTime(new Date(now))).readers.tokenPeriod;

describe("lifetimes", () => {
  it("are a year for the root, 90 days for intermediates, and 90 days for readers' tokens", () => {
    const { ca, readers } = planConfig({});
    assert.deepEqual(
      [ca.roots, ca.rootDays, ca.intermediateDays, ca.renewBeforeDays, readers.tokenHours],
      [[1], 365, 90, 30, 2160],
    );
  });

  it("of intermediates end in a third of their own length in which they are renewed", () => {
    assert.equal(planConfig({ ca: { intermediateDays: 10 } }).ca.renewBeforeDays, 4);
  });

  it("of readers' tokens are periods that all clusters agree on, whenever `up` runs", () => {
    assert.equal(period(24, "2026-11-26T00:00:00Z"), "2026-11-26t00");
    assert.equal(period(24, "2026-11-26T23:59:59Z"), "2026-11-26t00");
    assert.equal(period(24, "2026-11-27T00:00:00Z"), "2026-11-27t00");
  });
});
