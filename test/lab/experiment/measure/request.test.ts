import assert from "node:assert/strict";
import fc from "fast-check";
import { fromCsv, toCsv, type Request } from "../../../../lab/experiment/measure/request.ts";

const origin = 1_800_000_000_000;
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
const request: fc.Arbitrary<Request> = fc
  .record({
    client: word,
    start: fc.integer({ min: 0, max: 600_000 }).map((at) => origin + at),
    // The log keeps hundredths of a millisecond.
    latency: fc.integer({ min: 0, max: 1_000_000 }).map((hundredths) => hundredths / 100),
    status: fc.constantFrom(0, 200, 403, 503),
    answered: fc.option(fc.record({ cluster: word, zone: word, pod: word }, { noNullPrototype: true }), {
      nil: undefined,
    }),
  })
  .map(({ answered, ...rest }) => ({ ...rest, ...(answered ? { answered } : {}) }));

describe("the raw log", () => {
  it("loses nothing on the way through a file", () => {
    fc.assert(
      fc.property(fc.array(request), (requests) => {
        assert.deepEqual(fromCsv(toCsv(requests, origin), origin), requests);
      }),
    );
  });

  for (const [what, line] of Object.entries({
    "too few columns": "5,1.00,200,east",
    "too many columns": "5,1.00,200,east,east,a,pod,more",
    "no number": "5,fast,200,east,east,a,pod",
    "an empty number": ",1.00,200,east,east,a,pod",
    "no client": "5,1.00,200,,east,a,pod",
  })) {
    it(`names the line that has ${what}`, () => {
      const text = `${toCsv([], origin).trimEnd()}\n3,1.00,200,east,,,\n${line}\n`;
      assert.throws(() => fromCsv(text, origin), /^Error: line 3: expected start,latency/);
    });
  }

  it("says that a file is another one", () => {
    assert.throws(() => fromCsv("time,status\n", origin), /line 1: expected the columns start/);
  });
});
