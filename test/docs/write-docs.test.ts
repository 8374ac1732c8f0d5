import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { generatedParts, withGeneratedParts } from "./generated.ts";
import { writtenPages, type WrittenPage } from "./write-docs.ts";
import { docsFolder } from "./write-measurements.ts";

describe("what pages repeat of the code", function () {
  this.timeout(60_000);
  let written: readonly WrittenPage[];

  before(async () => {
    written = await writtenPages();
  });

  it("is what the code says: `npm run docs:write` writes it anew", () => {
    const old = written.filter(({ path, text }) => readFileSync(path, "utf8") !== text);
    assert.deepEqual(
      old.map(({ path }) => relative(docsFolder, path)),
      [],
    );
  });

  it("is the same in both languages: each part of an English page is in the Japanese one", () => {
    const partsOf = (language: string) =>
      written
        .filter(({ path }) => relative(docsFolder, path).startsWith(language))
        .flatMap(({ path, text }) =>
          generatedParts(text).map(({ open }) => `${relative(docsFolder, path).slice(3)} ${open}`),
        );
    assert.ok(partsOf("en").length > 20);
    assert.deepEqual(partsOf("ja").sort(), partsOf("en").sort());
  });

  it("is written between its comments alone", () => {
    const page = "# A\n\n<!-- topology single -->\n\nold\n\n<!-- /topology -->\n\n<!-- measured x -->\n";
    const anew = withGeneratedParts(page, "en");
    assert.match(
      anew,
      /^# A\n\n<!-- topology single -->\n\n```mermaid\nflowchart LR\n[\s\S]*primary[\s\S]*```\n\n<!-- \/topology -->/,
    );
    assert.match(anew, /<!-- measured x -->\n$/);
    assert.doesNotMatch(anew, /old/);
  });

  it("names a stack that there is not", () => {
    assert.throws(() => withGeneratedParts("<!-- topology none -->\n<!-- /topology -->", "en"), /none/);
  });
});
