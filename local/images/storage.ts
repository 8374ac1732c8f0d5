import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeLayer, type Tree, type Written } from "./layer.ts";

/**
 * Image content as the registry (CNCF Distribution) keeps it on disk, written directly: blobs by digest, and for each
 * repository links to what it may serve. A registry that only reads serves it as if it had been pushed.
 * The layout: https://github.com/distribution/distribution/blob/v3.1.2/registry/storage/paths.go
 */
export class RegistryStorage {
  readonly #root: string;
  #scratch = 0;

  /** @param folder the registry's `rootdirectory` */
  constructor(folder: string) {
    this.#root = join(folder, "docker", "registry", "v2");
  }

  /** Stores a layer; resolves with its digest, which is also its diff id, as it is not compressed. */
  async putLayer(tree: Tree): Promise<Written> {
    const unnamed = join(this.#root, "blobs", `unnamed-${this.#scratch++}`);
    mkdirSync(dirname(unnamed), { recursive: true });
    const written = await writeLayer(tree, unnamed);
    const file = this.#blobFile(written.digest);
    mkdirSync(dirname(file), { recursive: true });
    renameSync(unnamed, file);
    return written;
  }

  /** Stores a JSON document, byte for byte as `JSON.stringify` makes it. */
  putJson(document: unknown): Written {
    const bytes = Buffer.from(JSON.stringify(document));
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    writeInto(this.#blobFile(digest), bytes);
    return { digest, size: bytes.length };
  }

  /** Makes a repository serve a manifest under a tag, and the blobs that the manifest names. */
  tag(repository: string, tag: string, manifest: string, blobs: string[]): void {
    const folder = join(this.#root, "repositories", repository);
    for (const digest of blobs) this.#link(join(folder, "_layers"), digest);
    this.#link(join(folder, "_manifests", "revisions"), manifest);
    this.#link(join(folder, "_manifests", "tags", tag, "index"), manifest);
    writeInto(join(folder, "_manifests", "tags", tag, "current", "link"), manifest);
  }

  #link(folder: string, digest: string): void {
    writeInto(join(folder, digest.replace(":", "/"), "link"), digest);
  }

  #blobFile(digest: string): string {
    const hex = digest.replace("sha256:", "");
    return join(this.#root, "blobs", "sha256", hex.slice(0, 2), hex, "data");
  }
}

function writeInto(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
