import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";
import { pack, type Pack } from "tar-stream";

/** What an image has at a path: a copy of a file of this machine, a text, a symbolic link, or an empty folder. */
export type Entry = { file: string } | { text: string } | { link: string } | { folder: { mode: number } };

/** A layer's content by absolute path. Folders above are added by themselves. Executables are what `file` brings. */
export type Tree = Record<string, Entry>;

export interface Written {
  /** `sha256:` and 64 hex digits. */
  digest: string;
  /** In bytes. */
  size: number;
}

/**
 * Writes a layer as an uncompressed tar file. The same content gives the same digest wherever and whenever it is made:
 * paths are sorted, everything belongs to root and is as old as the epoch.
 */
export async function writeLayer(tree: Tree, target: string): Promise<Written> {
  const archive = pack();
  const hash = createHash("sha256");
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const writing = pipeline(archive, measure, createWriteStream(target));
  await Promise.all([writing, addEntries(archive, withParents(tree))]);
  return { digest: `sha256:${hash.digest("hex")}`, size };
}

const ownership = { uid: 0, gid: 0, mtime: new Date(0) };

async function addEntries(archive: Pack, tree: Tree): Promise<void> {
  for (const path of Object.keys(tree).sort()) {
    const entry = tree[path];
    if (entry !== undefined) await addEntry(archive, path.slice(1), entry);
  }
  archive.finalize();
}

async function addEntry(archive: Pack, name: string, entry: Entry): Promise<void> {
  if ("folder" in entry) {
    archive.entry({ name, type: "directory", mode: entry.folder.mode, ...ownership });
  } else if ("link" in entry) {
    archive.entry({ name, type: "symlink", linkname: entry.link, mode: 0o777, ...ownership });
  } else if ("text" in entry) {
    archive.entry({ name, mode: 0o644, ...ownership }, entry.text);
  } else {
    const sink = archive.entry({ name, size: statSync(entry.file).size, mode: 0o755, ...ownership });
    await pipeline(createReadStream(entry.file), sink);
  }
}

function withParents(tree: Tree): Tree {
  const parents: Tree = {};
  for (const path of Object.keys(tree)) {
    if (!path.startsWith("/")) throw new Error(`A path in an image must be absolute: ${path}`);
    for (let folder = posix.dirname(path); folder !== "/"; folder = posix.dirname(folder)) {
      parents[folder] = { folder: { mode: 0o755 } };
    }
  }
  return { ...parents, ...tree };
}
