import assert from "node:assert/strict";
import fc from "fast-check";
import { succeeded, type Request } from "../../../../lab/experiment/measure/request.ts";
import { binsOf, rate, spanOf } from "../../../../lab/experiment/show/picture/bins.ts";

const fault = { what: "fault", says: "", begin: 10_100, end: 10_100 } as const;
const span = { origin: 5_030, end: 20_190, marks: [fault] };

const request = (start: number, cluster?: string): Request => {
  const answered = cluster === undefined ? {} : { answered: { cluster, zone: "", pod: "" } };
  return { client: "east", start, latency: start / 1_000, status: cluster === undefined ? 503 : 200, ...answered };
};

describe("the bins of a timeline", () => {
  it("count each request once, whenever it was sent", () => {
    const requests = fc.array(
      fc.tuple(fc.double({ min: 0, max: 30_000, noNaN: true }), fc.constantFrom("a", "b", undefined)),
    );
    fc.assert(
      fc.property(requests, (all) => {
        const sent = all.map(([start, cluster]) => request(start, cluster));
        const bins = binsOf(sent, span);
        const [good, failed] = [
          bins.flatMap(({ answered }) => [...answered.values()]).reduce((sum, each) => sum + each, 0),
          bins.reduce((sum, bin) => sum + bin.failed, 0),
        ];
        assert.deepEqual([good, failed], [sent.filter(succeeded).length, sent.length - good]);
      }),
    );
  });

  it("follow each other without a gap from the first to the last of the load, none shorter than 250 ms", () => {
    const bins = binsOf([], span);
    assert.deepEqual([bins[0]?.from, bins.at(-1)?.to], [-5.07, 10.09]);
    for (const [index, { from, to }] of bins.entries()) {
      if (index > 0) assert.equal(from, bins[index - 1]?.to);
      assert.ok(to - from > 0.2499 && to - from < 0.5);
    }
  });

  it("begin at the fault, so that none holds what was sent before and after it", () => {
    const bins = binsOf([request(10_099.9, "a"), request(10_100, "b")], span);
    const before = bins.find(({ to }) => to === 0);
    const after = bins.find(({ from }) => from === 0);
    assert.deepEqual([[...before!.answered], [...after!.answered]], [[["a", 1]], [["b", 1]]]);
  });

  it("give rates by how long they are, and latency only of what was sent", () => {
    const requests = Array.from({ length: 10 }, (_, at) => request(5_030 + at, "a"));
    const [first, second] = binsOf(requests, span);
    assert.ok(Math.abs(rate(10, first!) - 10 / 0.32) < 1e-9);
    assert.ok(first?.latency !== undefined && first.latency.p50 > 5.03 && first.latency.p99 < 5.04);
    assert.equal(second?.latency, undefined);
  });

  it("are one for a load that ended as it began", () => {
    assert.equal(binsOf([request(5_030)], { ...span, end: 5_030 }).length, 1);
    assert.deepEqual(spanOf({ ...span, end: 5_030 }), { zero: 10_100, begin: -5_070, end: -4_820 });
  });
});
