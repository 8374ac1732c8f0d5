import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Names a checkout as it is, with what is not committed and what git does not know yet: what passed holds for this very
 * text, and for this Node, only.
 *
 * @param counts which files count, by their paths from the root; by default all
 */
export function treeHash(root: string, counts: (file: string) => boolean = () => true): string {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const text = execFileSync("git", ["-C", root, ...list], { encoding: "utf8", maxBuffer: 1 << 28 });
  const hash = createHash("sha256").update(process.version);
  const files = new Set(text.split("\0").filter((file) => file !== "" && counts(file)));
  for (const file of [...files].sort()) {
    // A file that is deleted is still in git's index.
    if (existsSync(join(root, file))) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
