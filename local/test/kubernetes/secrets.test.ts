import assert from "node:assert/strict";
import { InitFailed } from "../../plugins/host/provider.ts";
import { markedLike, markingFailure } from "../../plugins/host/marks.ts";
import { decode, encode, isSecret, secret } from "../../plugins/host/values.ts";
import { checkpoint } from "../../plugins/kubernetes/object/checkpoint.ts";
import type { Properties } from "../../plugins/host/values.ts";

/** Every string in a message that no secret mark covers. */
function visible(value: unknown): string[] {
  if (isSecret(value)) return [];
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(visible) : [];
}

describe("secrets of a plugin", () => {
  const inputs: Properties = {
    open: "open",
    list: [{ value: secret("hidden") }, "open"],
    all: secret({ a: "hidden" }),
  };

  it("arrive bare and are marked again at the same places", () => {
    const message = encode(inputs);
    assert.deepEqual(decode(message), { open: "open", list: [{ value: "hidden" }, "open"], all: { a: "hidden" } });
    const answered = { ...decode(message), added: "open" };
    assert.deepEqual(visible(markedLike(answered, message)), ["open", "open", "open"]);
  });

  it("are marked in what is recorded of a failure", async () => {
    const message = encode(inputs);
    const made = { id: "a", properties: decode(message), inputs: decode(message) };
    const failure = await markingFailure(message, () => Promise.reject(new InitFailed(made, ["why"]))).catch(
      (error: unknown) => error,
    );
    assert.ok(failure instanceof InitFailed);
    assert.deepEqual(failure.reasons, ["why"]);
    assert.ok(!visible(failure.properties).includes("hidden"));
    assert.ok(!visible(failure.inputs).includes("hidden"));
  });

  it("of a Secret object are marked without being asked, and so are all recorded inputs", () => {
    const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "open" }, data: { key: "hidden" } };
    const outputs = checkpoint(object, { inputs: object, initialApiVersion: "v1", fieldManager: "open" });
    assert.deepEqual(visible(outputs).sort(), ["Secret", "open", "open", "v1", "v1"]);
  });
});
