import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { GeneratedProvider } from "../../plugins/host/generated.ts";
import { isSecret, UNKNOWN } from "../../plugins/host/values.ts";
import type { GeneratedType } from "../../plugins/host/generated.ts";
import type { Properties } from "../../plugins/host/values.ts";

const coin: GeneratedType = {
  inputs: {
    sides: { type: "number", required: true },
    label: { type: "string", inPlace: true },
    metal: { type: "string", default: "tin" },
  },
  outputs: ["face", "hash"],
  secrets: ["hash"],
  check: ({ sides }) => (sides === 1 ? [{ property: "sides", reason: "a coin has two" }] : []),
  expired: ({ face }) => (face === "worn" ? ["face"] : []),
  generate: () => Promise.resolve({ id: "c1", outputs: { face: "head", hash: "h" } }),
};

const provider = new GeneratedProvider({ "x:y:Coin": coin });
const subject = { urn: "urn:pulumi:s::p::x:y:Coin::c", type: "x:y:Coin", name: "c" };

function check(news: Properties) {
  return provider.check({ ...subject, olds: {}, news, randomSeed: "" });
}

function diff(oldInputs: Properties, news: Properties, olds: Properties = {}, ignoreChanges: string[] = []) {
  return provider.diff({ ...subject, id: "c1", olds, oldInputs, news, ignoreChanges });
}

describe("generated resources", () => {
  it("refuse unknown, missing and mistyped properties, each by name", async () => {
    const { failures } = await check({ edges: 2, label: 5 });
    assert.deepEqual(failures?.map(({ property }) => property).sort(), ["edges", "label", "sides"]);
  });

  it("leave what is not known yet out of further checks", async () => {
    assert.deepEqual((await check({ sides: UNKNOWN })).failures, []);
    assert.equal((await check({ sides: 1 })).failures?.[0]?.reason, "a coin has two");
  });

  it("are replaced by a change, but not by one that can be taken over, nor by none", async () => {
    assert.deepEqual((await diff({ sides: 2 }, { sides: 3 })).replaces, ["sides"]);
    const inPlace = await diff({ sides: 2 }, { sides: 2, label: "a" });
    assert.deepEqual([inPlace.changes, inPlace.replaces], [true, []]);
    assert.equal((await diff({ sides: 2 }, { sides: 2 })).changes, false);
  });

  it("are replaced when an input is not known yet, and keep what the program ignores", async () => {
    assert.deepEqual((await diff({ sides: 2 }, { sides: UNKNOWN })).replaces, ["sides"]);
    assert.equal((await diff({ sides: 2 }, { sides: 3 }, {}, ["sides"])).changes, false);
  });

  it("are replaced when they have expired, whatever the inputs", async () => {
    assert.deepEqual((await diff({ sides: 2 }, { sides: 2 }, { face: "worn" })).replaces, ["face"]);
    assert.equal((await diff({ sides: 2 }, { sides: 2 }, { face: "head" })).changes, false);
  });

  it("show in a preview what is known, defaults included, and the rest as unknown", async () => {
    const { properties } = await provider.create({ ...subject, inputs: { sides: 2 }, preview: true, timeout: 0 });
    assert.deepEqual([properties["sides"], properties["metal"], properties["face"]], [2, "tin", UNKNOWN]);
  });

  it("mark their secrets, after create and after read", async () => {
    const { properties } = await provider.create({ ...subject, inputs: { sides: 2 }, preview: false, timeout: 0 });
    assert.equal(isSecret(properties["hash"]), true);
    assert.equal(isSecret(properties["face"]), false);
    const read = await provider.read({ ...subject, id: "c1", properties: { hash: "h" }, inputs: {} });
    assert.equal(isSecret(read?.properties["hash"]), true);
  });

  it("of an unknown type are refused by name", () => {
    assert.throws(
      () =>
        void provider.diff({ ...subject, type: "x:y:Z", id: "", olds: {}, oldInputs: {}, news: {}, ignoreChanges: [] }),
      /has no x:y:Z; it has x:y:Coin/,
    );
  });
});
