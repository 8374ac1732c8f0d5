import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { extract, type Header } from "tar-stream";
import { parseName, storeImages } from "../../images/build.ts";
import type { Image } from "../../images/catalog.ts";
import { writeLayer, type Tree } from "../../images/layer.ts";

async function headersOf(archive: string): Promise<Header[]> {
  const headers: Header[] = [];
  const reader = Readable.from([readFileSync(archive)]).pipe(extract());
  for await (const entry of reader) {
    headers.push(entry.header);
    entry.resume();
  }
  return headers;
}

/** A blob that a manifest names. https://github.com/opencontainers/image-spec/blob/main/manifest.md */
interface Descriptor {
  digest: string;
  size: number;
}

interface Manifest {
  config: Descriptor;
  layers: Descriptor[];
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md */
interface StoredConfig {
  config: Image["config"];
  rootfs: { diff_ids: string[] };
}

describe("image layers", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "layers-"));
    writeFileSync(join(folder, "program"), "binary");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const layer = (tree: Tree) => writeLayer(tree, join(folder, "layer.tar"));
  const tree = (): Tree => ({
    "/usr/bin/b": { file: join(folder, "program") },
    "/a": { text: "text" },
    "/usr/bin/link": { link: "b" },
    "/tmp": { folder: { mode: 0o1777 } },
  });

  it("the digest is the file's, and the size too", async () => {
    const { digest, size } = await layer(tree());
    const bytes = readFileSync(join(folder, "layer.tar"));
    assert.equal(digest, `sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    assert.equal(size, bytes.length);
  });

  it("the same content has the same digest, whatever its order and age", async () => {
    const first = await layer(tree());
    utimesSync(join(folder, "program"), 1, 1);
    const second = await layer(Object.fromEntries(Object.entries(tree()).reverse()));
    assert.deepEqual(second, first);
  });

  it("other content, another name and another link have other digests", async () => {
    const variants: Tree[] = [
      tree(),
      { ...tree(), "/a": { text: "other" } },
      { ...tree(), "/c": { text: "text" } },
      { ...tree(), "/usr/bin/link": { link: "c" } },
      { ...tree(), "/tmp": { folder: { mode: 0o755 } } },
    ];
    const digests = new Set<string>();
    for (const variant of variants) digests.add((await layer(variant)).digest);
    assert.equal(digests.size, variants.length);
  });

  it("folders come before what is in them; all belongs to root; programs are executable", async () => {
    await layer(tree());
    const headers = await headersOf(join(folder, "layer.tar"));
    const names = headers.map(({ name }) => name.replace(/\/$/, ""));
    assert.deepEqual(names, ["a", "tmp", "usr", "usr/bin", "usr/bin/b", "usr/bin/link"]);
    assert.ok(headers.every(({ uid, gid, mtime }) => uid === 0 && gid === 0 && mtime.getTime() === 0));
    assert.deepEqual(
      headers.map(({ mode }) => mode.toString(8)),
      ["644", "1777", "755", "755", "755", "777"],
    );
    assert.equal(headers.at(-1)?.linkname, "b");
  });

  it("a relative path is refused", async () => {
    await assert.rejects(layer({ "etc/passwd": { text: "" } }), /must be absolute: etc\/passwd/);
  });
});

describe("registry storage", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "storage-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const base: Tree = { "/etc/passwd": { text: "root:x:0:0::/:/bin/false\n" } };
  const images: Image[] = [
    { name: "docker.io/istio/one:1.0", layers: [base], config: { Cmd: ["/one"] } },
    { name: "public.ecr.aws/eks/two:v2", layers: [base, { "/two": { text: "2" } }], config: { User: "1" } },
  ];
  const read = (path: string) => readFileSync(join(folder, "docker/registry/v2", path));
  const blob = (digest: string) => read(`blobs/sha256/${digest.slice(7, 9)}/${digest.slice(7)}/data`);
  const json = (digest: string): unknown => JSON.parse(blob(digest).toString());

  it("a tag leads to a manifest, that to config and layers, and every digest is its content's", async () => {
    const built = await storeImages(images, folder);
    assert.deepEqual(
      built.map(({ repository, tag }) => [repository, tag]),
      [
        ["istio/one", "1.0"],
        ["eks/two", "v2"],
      ],
    );
    for (const [index, { repository, tag, digest }] of built.entries()) {
      assert.equal(read(`repositories/${repository}/_manifests/tags/${tag}/current/link`).toString(), digest);
      const manifest = json(digest) as Manifest;
      const config = json(manifest.config.digest) as StoredConfig;
      assert.deepEqual(config.config, images[index]?.config);
      assert.deepEqual(
        config.rootfs.diff_ids,
        manifest.layers.map((layer) => layer.digest),
      );
      for (const part of [{ digest, size: blob(digest).length }, manifest.config, ...manifest.layers]) {
        assert.equal(`sha256:${createHash("sha256").update(blob(part.digest)).digest("hex")}`, part.digest);
        assert.equal(blob(part.digest).length, part.size);
      }
      for (const part of [manifest.config, ...manifest.layers]) {
        const link = `repositories/${repository}/_layers/${part.digest.replace(":", "/")}/link`;
        assert.equal(read(link).toString(), part.digest);
      }
    }
  });

  it("made again it has the same digests; another configuration has another", async () => {
    const first = await storeImages(images, folder);
    const again = await storeImages(images, join(folder, "again"));
    assert.deepEqual(again, first);
    const changed = images.map((image) => ({ ...image, config: { ...image.config, Env: ["A=1"] } }));
    const other = await storeImages(changed, join(folder, "other"));
    assert.ok(other.every(({ digest }, index) => digest !== first[index]?.digest));
  });

  it("a name without registry or tag is refused", () => {
    assert.throws(() => parseName("pilot:1"), /needs registry, repository and tag/);
    assert.throws(() => parseName("docker.io/istio/pilot"), /needs registry, repository and tag/);
  });
});
