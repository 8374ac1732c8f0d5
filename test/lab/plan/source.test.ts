import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSource } from "../../../lab/plan/source.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { stackConfig } from "../../../lab/recorder/stack-file.ts";

describe("the configuration of a plan", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-source-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (name: string, text: string) => {
    const configFile = join(folder, name);
    writeFileSync(configFile, text);
    return readSource({ configFile });
  };

  for (const [stack, file] of [
    ["single", "Pulumi.single.yaml"],
    ["multi", "Pulumi.multi.yaml"],
    ["single-ha", "stacks/single-ha.yaml"],
  ] as const) {
    it(`is for ${stack} what the Pulumi engine would hand over`, async () => {
      const source = readSource({ stack });
      assert.equal(source.file, file);
      assert.deepEqual(source.config, await stackConfig(file));
    });
  }

  it("knows where a key is written, and the nearest key above it where it is not", () => {
    const { positionOf } = read("s.yaml", "config:\n  istio-lab:clusters:\n    - name: a\n      zones: 1\n");
    assert.equal(positionOf("clusters"), "2:3");
    assert.equal(positionOf("clusters[0].zones"), "4:7");
    assert.equal(positionOf("clusters[0].nodes.count"), "3:7");
    assert.equal(positionOf("mesh.version"), undefined);
  });

  it("never holds an encrypted value, which a plan does not need", () => {
    const text = "config:\n  istio-lab:ca:\n    rootKey:\n      secure: v1:abc\n  aws:token:\n    secure: v1:def\n";
    const { raw, config } = read("s.yaml", text);
    assert.deepEqual(raw, { ca: { rootKey: "(encrypted)" } });
    assert.doesNotMatch(JSON.stringify(config), /v1:/);
  });

  it("is named after its file", () => {
    assert.equal(read("Pulumi.mine.yaml", "config: {}\n").stack, "mine");
    assert.equal(read("three.json", "[]").stack, "three");
    assert.deepEqual(read("three.json", "[]").raw, { clusters: [] });
  });

  it("refuses a name that Pulumi would refuse for a stack, and that could lead out of the folder for files", () => {
    const configFile = join(folder, "s.yaml");
    writeFileSync(configFile, "config: {}\n");
    for (const stack of ["../evil", "..", "a b", "日本"]) {
      assert.throws(() => readSource({ stack, configFile }), { message: /cannot name a stack.*--config-file/s }, stack);
    }
    assert.equal(readSource({ stack: "a.b_c-1", configFile }).stack, "a.b_c-1");
  });

  it("says that an encrypted value is one, where a plan would need it", () => {
    const text = "config:\n  istio-lab:access:\n    admins:\n      - secure: v1:abc\n";
    assert.deepEqual(read("s.yaml", text).encrypted, ["access.admins[0]"]);
    assert.deepEqual(read("s.yaml", "config: {}\n").encrypted, []);
  });

  it("does not look for a stack outside the project", () => {
    assert.throws(() => readSource({ stack: "../../etc/passwd" }), UsageError);
  });
});
