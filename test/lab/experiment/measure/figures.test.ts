import assert from "node:assert/strict";
import { figuresOf, type Mark } from "../../../../lab/experiment/measure/figures.ts";
import type { Request } from "../../../../lab/experiment/measure/request.ts";

const origin = 1_800_000_000_000;
/** One request every 5 ms from one millisecond to another, all answered alike. */
const load = (from: number, to: number, answer: Partial<Request> & { by?: string } = {}): Request[] =>
  Array.from({ length: (to - from) / 5 }, (_, at) => {
    const { by, ...rest } = answer;
    const answered = by === undefined ? {} : { answered: { cluster: by, zone: `${by}-a`, pod: `${by}-0` } };
    return { client: "east", start: origin + from + at * 5, latency: 2, status: 200, ...answered, ...rest };
  });
const east = { by: "east" };
const west = { by: "west" };
const bad = { status: 503 };
const mark = (what: Mark["what"], begin: number, end = begin): Mark => ({
  what,
  says: what,
  begin: origin + begin,
  end: origin + end,
});
const fault = mark("fault", 10_000);
const undo = mark("undo", 20_000);
const end = origin + 30_000;

describe("figures of a repeat", () => {
  it("of one in which nothing happens", () => {
    const figures = figuresOf(load(0, 30_000, east), [fault, undo], end);
    assert.deepEqual(figures, {
      // One was under way when the fault began.
      sent: 4_000,
      failed: 0,
      failedAgain: 0,
      late: 0,
      lateBeyond: 2,
      steadyAfterFault: 0,
      steadyAfterUndo: 0,
      restored: undo.end - fault.begin,
      failBack: 0,
      moves: 0,
      latency: { before: { p50: 2, p99: 2 }, during: { p50: 2, p99: 2 }, after: { p50: 2, p99: 2 } },
      shares: { before: { east: 1 }, during: { east: 1 }, after: { east: 1 } },
    });
  });

  it("of a failover: three fail, the other cluster answers from 15 ms on, and gives back", () => {
    const requests = [
      ...load(0, 10_000, east),
      ...load(10_000, 10_015, bad),
      ...load(10_015, 20_500, west),
      ...load(20_500, 30_000, east),
    ];
    const figures = figuresOf(requests, [fault, undo], end);
    assert.equal(figures.failed, 3);
    assert.equal(figures.firstError, 2);
    assert.equal(figures.firstFromElsewhere, 17);
    // Three of the first thousand are more than one in a thousand, and so are two; one is not.
    assert.equal(figures.steadyAfterFault, 6);
    assert.equal(figures.steadyAfterUndo, 0);
    // Ten of the two hundred requests of a second may be answered from elsewhere.
    assert.equal(figures.failBack, 446);
    assert.equal(figures.moves, 2);
    assert.deepEqual(figures.shares, { before: { east: 1 }, during: { west: 1 }, after: { east: 0.95, west: 0.05 } });
    assert.deepEqual(figures.failureLatency, { p50: 2, p99: 2 });
  });

  it("tells what was under way when an endpoint first answered badly from what was sent to it afterwards", () => {
    const bad = (from: number, pod: string) =>
      load(from, from + 5, { status: 500, latency: 12 }).map((request) => ({
        ...request,
        answered: { cluster: "east", zone: "east-a", pod },
      }));
    const failedAgain = (...failures: Request[]) =>
      figuresOf([...load(0, 10_000, east), ...failures, ...load(10_200, 30_000, west)], [fault, undo], end).failedAgain;
    assert.equal(failedAgain(...bad(10_000, "a"), ...bad(10_005, "a"), ...bad(10_010, "a"), ...bad(10_020, "b")), 0);
    assert.equal(failedAgain(...bad(10_000, "a"), ...bad(10_110, "a"), ...bad(10_115, "a"), ...bad(10_120, "b")), 1);
    // Nobody knows where those went.
    assert.equal(failedAgain(...load(10_000, 10_050, { status: 503 })), 0);
  });

  it("counts an endpoint's bad answers as nobody's coming home", () => {
    const sick = { ...east, status: 500 };
    const requests = [...load(0, 10_000, east), ...load(10_000, 21_000, sick), ...load(21_000, 30_000, east)];
    assert.equal(figuresOf(requests, [fault, undo], end).failBack, 946);
  });

  it("is steady from when it stays so: a fault that shows late is not overlooked", () => {
    const requests = [...load(0, 16_000, east), ...load(16_000, 18_000, bad), ...load(18_000, 30_000, east)];
    const [once, again] = [mark("undo", 24_000), mark("undo", 20_000)];
    assert.equal(figuresOf(requests, [fault, once], end).steadyAfterFault, 7_991);
    assert.equal(figuresOf(requests, [fault, again], end).steadyAfterFault, undefined);
  });

  it("of an outage that only the undo ends", () => {
    const requests = [...load(0, 10_000, east), ...load(10_000, 21_000, bad), ...load(21_000, 30_000, east)];
    const figures = figuresOf(requests, [fault, undo], end);
    assert.equal(figures.failed, 2_200);
    assert.equal(figures.steadyAfterFault, undefined);
    assert.equal(figures.firstFromElsewhere, undefined);
    // One of a thousand may fail still.
    assert.equal(figures.steadyAfterUndo, 991);
    assert.deepEqual(figures.shares.during, {});
  });

  it("counts a request that was under way when the fault began, and none that was answered before", () => {
    const inFlight: Request = { ...load(9_990, 9_995, bad)[0]!, latency: 30 };
    const before: Request = { ...load(9_980, 9_985, bad)[0]!, latency: 10 };
    const figures = figuresOf([...load(0, 9_000, east), before, inFlight], [fault, undo], end);
    assert.equal(figures.failed, 1);
    assert.equal(figures.sent, 1);
    assert.equal(figures.firstError, 20);
  });

  it("calls late what takes longer than 99.9 % before the fault, and only if it was answered well", () => {
    const requests = [
      ...load(0, 10_000, east),
      ...load(10_000, 10_010, { ...east, latency: 3 }),
      ...load(10_010, 10_015, { ...bad, latency: 900 }),
      ...load(10_015, 30_000, east),
    ];
    assert.equal(figuresOf(requests, [fault, undo], end).late, 2);
  });

  it("knows no steady state that the end or the undo cuts short", () => {
    const requests = [...load(0, 10_000, east), ...load(10_000, 15_005, bad), ...load(15_005, 30_000, east)];
    assert.equal(figuresOf(requests, [fault, undo], end).steadyAfterFault, 4_996);
    assert.equal(figuresOf(requests, [fault, mark("undo", 19_990)], end).steadyAfterFault, undefined);
    assert.equal(figuresOf(requests, [fault], origin + 19_990).steadyAfterFault, undefined);
  });

  it("counts from when the undo was done, not from when it began", () => {
    const requests = [...load(0, 10_000, east), ...load(10_000, 22_000, bad), ...load(22_000, 30_000, east)];
    const slow = mark("undo", 20_000, 22_000);
    assert.equal(figuresOf(requests, [fault, slow], end).steadyAfterUndo, 0);
  });

  it("counts every change of the cluster that answers most", () => {
    const seconds = [east, west, east, west, east, west, east, west, east, west];
    const requests = [
      ...load(0, 10_000, east),
      ...seconds.flatMap((who, at) => load(10_000 + at * 1_000, 11_000 + at * 1_000, who)),
    ];
    assert.equal(figuresOf(requests, [fault], origin + 20_000).moves, 9);
  });

  it("says nothing of percentiles where there was nothing, and takes requests in any order", () => {
    const requests = load(0, 10_000, east).reverse();
    const figures = figuresOf(requests, [fault, undo], end);
    assert.deepEqual(figures.latency, { before: { p50: 2, p99: 2 }, during: undefined, after: undefined });
  });

  it("needs a fault", () => {
    assert.throws(() => figuresOf(load(0, 100, east), [undo], end), /without a fault/);
  });
});
