import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writtenPage } from "./write-policies.ts";

describe("docs/policies.md", () => {
  it("lists the policies and the exceptions that there are: `npm run policies` writes it anew", async () => {
    assert.equal(readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8"), await writtenPage());
  });
});
