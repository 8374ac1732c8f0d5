import assert from "node:assert/strict";
import { count } from "./count.ts";

describe("what a suite's output says of itself", () => {
  it("adds up several runs of mocha", () => {
    const output = "\n  12 passing (3s)\n  1 failing\n\n  5 passing (20ms)\n  2 pending\n";
    assert.deepEqual(count(output, 1), { passed: 17, failed: 1 });
  });

  it("counts a suite without tests by its exit code", () => {
    assert.deepEqual(count("All matched files use Prettier code style!", 0), { passed: 1, failed: 0 });
    assert.deepEqual(count("error: oh no", 2), { passed: 0, failed: 1 });
  });

  it("does not believe a suite that passed its tests and then failed", () => {
    assert.deepEqual(count("  3 passing (1s)\n", 1), { passed: 3, failed: 1 });
  });

  it("does not take a test's title for a closing line", () => {
    assert.deepEqual(count("    ✔ says 7 passing things\n  1 passing (1s)", 0), { passed: 1, failed: 0 });
  });
});
