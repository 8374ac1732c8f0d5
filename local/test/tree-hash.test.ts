import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { treeHash } from "../tree-hash.ts";

describe("the name of a tree", () => {
  const root = mkdtempSync(join(tmpdir(), "istio-lab-tree-"));
  const write = (file: string, text: string) => {
    writeFileSync(join(root, file), text);
  };
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args]);
  before(() => {
    git("init", "-q");
    write("known", "1");
    write(".gitignore", "ignored\n");
    git("add", ".");
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  it("stays when nothing changed, whether a change is staged, and whatever git ignores", () => {
    const name = treeHash(root);
    assert.match(name, /^[0-9a-f]{16}$/);
    assert.equal(treeHash(root), name);
    write("known", "2");
    const changed = treeHash(root);
    git("add", "known");
    assert.equal(treeHash(root), changed);
    write("ignored", "1");
    assert.equal(treeHash(root), changed);
  });

  it("stays when a file changed that does not count", () => {
    const counts = (file: string) => file !== "known";
    const name = treeHash(root, counts);
    write("known", "other");
    assert.equal(treeHash(root, counts), name);
    write("counted", "1");
    assert.notEqual(treeHash(root, counts), name);
  });

  it("is another one for a change, a file that git does not know, its text, and a file that is gone", () => {
    const seen = [treeHash(root)];
    const noted = () => seen.push(treeHash(root));
    write("known", "3");
    noted();
    write("unknown", "1");
    noted();
    write("unknown", "2");
    noted();
    write("known", "");
    noted();
    rmSync(join(root, "known"));
    noted();
    assert.equal(new Set(seen).size, seen.length);
  });
});
