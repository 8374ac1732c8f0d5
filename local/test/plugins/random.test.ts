import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { randomBytesType, randomId } from "../../plugins/random/bytes.ts";
import { randomPet } from "../../plugins/random/pet.ts";
import { randomPassword, randomString } from "../../plugins/random/string.ts";

const allKinds = { lower: true, upper: true, numeric: true, special: true };
const noMinimum = { minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 };

describe("random", () => {
  it("RandomId: one number in four notations", async () => {
    const { id, outputs } = await randomId.generate({ byteLength: 5, prefix: "p-" });
    const hex = String(outputs["hex"]).slice(2);
    assert.match(hex, /^[0-9a-f]{10}$/);
    assert.equal(outputs["dec"], `p-${BigInt(`0x${hex}`)}`);
    assert.equal(Buffer.from(id, "base64url").toString("hex"), hex);
    assert.equal(outputs["b64Url"], `p-${id}`);
  });

  it("RandomString: the asked-for length, kinds and minimums", async () => {
    const inputs = { length: 40, ...allKinds, ...noMinimum, special: false, minUpper: 39 };
    const { outputs } = await randomString.generate(inputs);
    const text = String(outputs["result"]);
    assert.match(text, /^[A-Za-z0-9]{40}$/);
    assert.ok((text.match(/[A-Z]/g) ?? []).length >= 39, text);
  });

  it("RandomPassword: special characters only from the program's own list", async () => {
    const inputs = { length: 30, ...allKinds, ...noMinimum, minSpecial: 30, overrideSpecial: "_" };
    assert.equal((await randomPassword.generate(inputs)).outputs["result"], "_".repeat(30));
    assert.deepEqual(randomPassword.secrets, ["result"]);
  });

  it("refuses what cannot be", () => {
    const reasons = (inputs: Record<string, unknown>) => randomString.check?.(inputs).map(({ property }) => property);
    assert.deepEqual(reasons({ length: 0 }), ["length"]);
    assert.deepEqual(reasons({ length: 3, minLower: 2, minUpper: 2 }), ["length"]);
    assert.deepEqual(reasons({ length: 3, lower: false, upper: false, numeric: false, special: false }), ["lower"]);
    assert.deepEqual(reasons({ length: 4, minLower: 2, minUpper: 2 }), []);
  });

  it("RandomBytes and RandomPet", async () => {
    const { outputs } = await randomBytesType.generate({ length: 16 });
    assert.equal(Buffer.from(String(outputs["base64"]), "base64").toString("hex"), outputs["hex"]);
    assert.match((await randomPet.generate({ length: 3, separator: ".", prefix: "lab" })).id, /^lab(\.[a-z]+){3}$/);
  });
});
