import assert from "node:assert/strict";
import pc from "picocolors";
import type { Request } from "../../../../lab/experiment/measure/request.ts";
import { progressLine, type Clock } from "../../../../lab/experiment/show/progress.ts";

const plain = pc.createColors(false);
const clock: Clock = { seconds: 12, phase: "during", clients: ["east", "west"] };

/** So many requests of a client that a cluster answered, or that failed. */
const many = (count: number, client: string, cluster?: string): Request[] =>
  Array.from({ length: count }, () => {
    const asked = { client, start: 0, latency: 1 };
    if (cluster === undefined) return { ...asked, status: 503 };
    return { ...asked, status: 200, answered: { cluster, zone: "", pod: "" } };
  });

const line = (requests: readonly Request[], changes: Partial<Clock> = {}): string =>
  progressLine(requests, { ...clock, ...changes }, plain);

describe("the line of progress", () => {
  it("says who answered each client in the last second, and how many requests failed", () => {
    const requests = [...many(120, "west", "west"), ...many(200, "east", "east"), ...many(3, "west")];
    assert.equal(line(requests), "  12 s  during     east: 200 east   west: 120 west, 3 failed");
  });

  it("lists clusters by name, whoever answered first", () => {
    const requests = [...many(80, "east", "west"), ...many(120, "east", "east")];
    assert.match(line(requests, { clients: ["east"] }), / {3}east: 120 east, 80 west$/);
  });

  it("has a place for clients that got no answer, and columns that stay where they are", () => {
    assert.equal(line([]), "  12 s  during     east: no answer   west: no answer");
    const beginnings = (["settling", "before", "during", "after"] as const).flatMap((phase) =>
      [0.4, 9, 99, 120.2].map((seconds) => line([], { phase, seconds }).indexOf("east:")),
    );
    assert.deepEqual(new Set(beginnings), new Set([19]));
  });

  it("counts good answers that don't say where they came from", () => {
    const requests = many(5, "east", "east").map(({ answered: _, ...request }): Request => request);
    assert.match(line(requests, { clients: ["east"] }), /east: 5 not said where$/);
  });

  it("colours failures, and says the same without colours", () => {
    const requests = [...many(120, "west", "west"), ...many(3, "west")];
    const coloured = progressLine(requests, clock, pc.createColors(true));
    assert.ok(coloured.includes("\u001b[31m3 failed"));
    assert.equal(coloured.replaceAll(/\u001b\[\d+m/g, ""), line(requests));
  });
});
