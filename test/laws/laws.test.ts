import assert from "node:assert/strict";
import { ResourceGraph } from "../../lab/recorder/graph.ts";
import { laws } from "../../policy/laws/all.ts";
import { graphOf } from "../stacks/record.ts";
import { changed } from "./mistakes.ts";
import { twins } from "./twins/all.ts";

describe("the laws of the resource graph", () => {
  it("each have a case that they must catch", () => {
    assert.deepEqual(Object.keys(twins).sort(), Object.keys(laws).sort());
  });

  for (const [name, cases] of Object.entries(twins)) {
    for (const twin of cases) {
      it(`${name} objects to a mistake in ${twin.name}`, async () => {
        const sound = await graphOf(twin.stack ?? "multi");
        const { graph, node: wrong } = changed(sound, sound.named(twin.name, twin.type), twin.change);
        const objections = laws[name]?.(graph) ?? [];
        assert.deepEqual(laws[name]?.(sound), []);
        assert.ok(
          objections.some((objection) => (twin.about ? twin.about.test(objection) : objection.includes(wrong.urn))),
          `It says: ${objections.join(" ") || "nothing"}`,
        );
      });
    }
  }

  it("everyCallNamesItsProvider objects to a call to the default provider", () => {
    const call = { token: "aws:index/getRegion:getRegion", inputs: {}, provider: undefined };
    assert.deepEqual(laws["everyCallNamesItsProvider"]?.(new ResourceGraph([], [call])), [
      `${call.token} names no provider.`,
    ]);
  });
});
