import assert from "node:assert/strict";
import { turns } from "./further-resources.ts";

describe("turns", () => {
  for (const repeats of [1, 2, 5, 6]) {
    it(`are as many for either, and no fewer than asked for (${repeats})`, () => {
      const first = turns(repeats);
      assert.ok(first.length >= repeats && first.length <= repeats + 1);
      assert.equal(first.filter((who) => who === "lab").length, first.filter((who) => who === "bare").length);
    });
  }
});
