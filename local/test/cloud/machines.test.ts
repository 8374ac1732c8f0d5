import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writtenPid } from "../../cloud/machines.ts";

describe("a machine's first process", () => {
  it("is not known before its number is written, though the file may be there", () => {
    const directory = mkdtempSync(join(tmpdir(), "istio-lab-machine-"));
    try {
      assert.equal(writtenPid(directory), undefined);
      writeFileSync(join(directory, "pid"), "");
      assert.equal(writtenPid(directory), undefined);
      writeFileSync(join(directory, "pid"), "4711\n");
      assert.equal(writtenPid(directory), 4711);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
