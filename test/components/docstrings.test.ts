import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../components/", import.meta.url);
const model = /https:\/\/istio\.io\/latest\/docs\/ops\/deployment\/deployment-models\/#?/;
const says = ["Creates:", "Cost:", "Defaults:", "Leaves out:"];

/** Every component with the comment right above it, as one line of text. */
function components(): (readonly [name: string, docstring: string])[] {
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    return [...text.matchAll(/export class (\w+) extends pulumi\.ComponentResource/g)].map((match) => {
      const above = text.slice(0, match.index);
      return [match[1] ?? "", above.endsWith("*/\n") ? above.slice(above.lastIndexOf("/**")) : ""] as const;
    });
  });
}

describe("The docstring of each component", () => {
  it("is looked for in every file that makes one", () => {
    assert.ok(components().length >= 14, String(components().length));
  });

  for (const [name, docstring] of components()) {
    it(`${name}: names the part of Istio's deployment models, and what it creates, costs, defaults to, leaves out`, () => {
      assert.match(docstring, model);
      assert.deepEqual(
        says.filter((word) => !docstring.includes(word)),
        [],
      );
    });
  }
});
