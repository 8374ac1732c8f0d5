import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { labIdTag, parents } from "../../local/faults/unheard.ts";
import { labIdTag as ours } from "../../topology/names.ts";
import { graphOf, stackNames } from "../stacks/record.ts";

/** What an AWS type needs to be found again after a kill. */
const findable = (type: string, tags: unknown): boolean =>
  type in parents || (typeof tags === "object" && tags !== null && labIdTag in tags);

describe("the page on failed runs", () => {
  it("has just the types that the fault tests find at their parent", async () => {
    const page = await readFile(new URL("../../docs/en/recovery.md", import.meta.url), "utf8");
    const [, table = ""] = page.split("<!-- parents -->");
    const types = [...table.matchAll(/^\| `(aws:[^`]+)`/gm)].map(([, type]) => type);
    assert.deepEqual(types, Object.keys(parents));
  });

  it("finds every AWS resource of every stack, by its tag or at its parent", async () => {
    assert.equal(labIdTag, ours);
    for (const stack of stackNames) {
      const made = (await graphOf(stack)).nodes.filter(({ type }) => type.startsWith("aws:"));
      const lost = made.filter(({ type, inputs }) => !findable(type, inputs["tags"]));
      assert.deepEqual(
        lost.map(({ urn }) => urn),
        [],
        `${stack}: give it the lab's tags, or say in local/faults/unheard.ts and docs/en/recovery.md where it is found`,
      );
    }
  });

  it("would miss a resource without either", () => {
    assert.equal(findable("aws:s3/bucket:Bucket", { Name: "x" }), false);
    assert.equal(findable("aws:s3/bucket:Bucket", undefined), false);
  });
});
