import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { versions } from "../../local/versions.ts";
import { parseIstioVersion, supportMatrix } from "../../topology/versions.ts";

const remedy =
  "A minor of Istio was added to topology/versions.ts or taken away. Have local/versions.ts build its charts, run " +
  "local/e2e/reader.test.ts, put what the reader's role has gained into the table of docs/en/certificates.md, and name " +
  "the minor in the comment above that table.";

/** Minors of the comment above the table of a reader's rights. */
function checkedMinors(markdown: string): string[] {
  const [, minors] = /^<!-- reader of (.*) -->$/m.exec(markdown) ?? assert.fail("the page names no minors");
  return (minors ?? "").split(", ");
}

describe("the rights of a reader's token", () => {
  it("are checked at every minor that the planner lets through", async () => {
    const page = await readFile(new URL("../../docs/en/certificates.md", import.meta.url), "utf8");
    const planned = Object.keys(supportMatrix).sort();
    assert.deepEqual(checkedMinors(page), planned, remedy);
    const built = [versions.previousIstio.version, versions.istio.version];
    assert.deepEqual(built.map((version) => parseIstioVersion(version)?.minor).sort(), planned, remedy);
  });

  it("are missed at a minor that the page does not name", () => {
    assert.notDeepEqual(checkedMinors("<!-- reader of 1.30 -->"), Object.keys(supportMatrix));
  });
});
