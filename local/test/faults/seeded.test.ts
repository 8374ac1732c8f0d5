import assert from "node:assert/strict";
import { chosen } from "../../faults/seeded.ts";

describe("seeded positions", () => {
  const list = ["a", "a", "a", "a", "b", "b", "c"].map((type, index) => ({ type, urn: `urn:${String(index)}` }));

  it("are one of each type before a second of any", () => {
    assert.deepEqual(new Set(chosen(list, 3).map(({ type }) => type)), new Set(["a", "b", "c"]));
    const types = chosen(list, 5).map(({ type }) => type);
    assert.deepEqual(types.sort().join(""), "aabbc");
    assert.equal(chosen(list, 99).length, list.length);
  });

  it("are the same each time, whatever the order of the list", () => {
    assert.deepEqual(chosen([...list].reverse(), 4), chosen(list, 4));
  });
});
