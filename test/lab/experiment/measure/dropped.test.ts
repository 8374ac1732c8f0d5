import assert from "node:assert/strict";
import { droppedOf } from "../../../../lab/experiment/measure/dropped.ts";
import type { Request } from "../../../../lab/experiment/measure/request.ts";

const origin = 1_800_000_000_000;
const period = { origin, end: origin + 100_000 };
/** A request every 5 ms, from a second before the period to two seconds after it. */
const due = Array.from({ length: 103 * 200 }, (_, at) => origin - 1_000 + at * 5);
const dropped = (starts: readonly number[]): number =>
  droppedOf(
    starts.map((start): Request => ({ client: "east", start, latency: 2, status: 200 })),
    period,
    200,
  );
const without = (from: number, to: number): number[] =>
  due.filter((start) => start < origin + from || start >= origin + to);
/** All that were due between two times, sent at the later one. */
const late = (from: number, to: number): number[] =>
  due.map((start) => (start >= origin + from && start < origin + to ? origin + to : start));

describe("requests that were not sent in time", () => {
  it("are none where one is sent whenever it is due", () => {
    assert.equal(dropped(due), 0);
    assert.equal(dropped(due.map((start) => start + 3)), 0);
  });

  it("are counted, wherever in the period they are missing", () => {
    assert.equal(dropped(without(50_000, 50_020)), 4);
    assert.equal(dropped(without(0, 50)), 10);
    assert.equal(dropped(without(99_900, 100_000)), 20);
    assert.equal(dropped(without(99_000, 103_000)), 200);
    assert.equal(dropped([]), 20_000);
  });

  it("are not those that are sent a little late, on either side of the end", () => {
    assert.equal(dropped(late(40_000, 40_060)), 0);
    assert.equal(dropped(late(99_970, 100_030)), 0);
  });

  it("are not what a period lacks that ends between two requests", () => {
    assert.equal(dropped(without(50_000, 50_010)), 0);
  });
});
