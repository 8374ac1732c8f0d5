import assert from "node:assert/strict";
import type { Request } from "../../../../lab/experiment/measure/request.ts";
import { steady } from "../../../../lab/experiment/run/load-client.ts";

const now = 1_800_000_000_000;
/** Requests of the last seconds at 200 a second, some of them failed. */
const load = (seconds: number, failed: number, status = 503) => {
  const all = Array.from({ length: seconds * 200 }, (_, at): Request => {
    const start = now - 1_000 - 5 * (at + 1);
    return { client: "east", start, latency: 1, status: at < failed ? status : 200 };
  });
  return { name: "east", since: (from: number) => all.filter(({ start }) => start >= from) };
};

describe("a steady state", () => {
  it("is five seconds of which 99.9 % succeed", () => {
    assert.equal(steady(load(10, 0), 200, now), true);
    assert.equal(steady(load(10, 1), 200, now), true);
    assert.equal(
      steady(load(10, 2), 200, now),
      "2 of 1000 requests of the client in east failed in five seconds (503)",
    );
  });

  it("is none without an answer", () => {
    assert.match(String(steady(load(10, 5, 0), 200, now)), /\(no answer\)$/);
  });

  it("is none while the load is not what it should be", () => {
    assert.match(String(steady(load(2, 0), 200, now)), /sent 400 requests in five seconds, and should send 1000/);
    assert.match(String(steady(load(10, 0), 400, now)), /should send 2000/);
  });
});
