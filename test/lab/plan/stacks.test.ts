import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { stackFile } from "../../../lab/plan/stacks.ts";

describe("the file of a stack", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-stacks-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const salt = "encryptionsalt: v1:abc=:v1:def:ghi\n";
  const config = "config:\n  istio-lab:clusters: []\n";
  const among = (files: Readonly<Record<string, string>>, name = "mine"): string | undefined => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const found = stackFile(name, folder);
    return found === undefined ? undefined : relative(folder, found);
  };

  it("is its own where there is no other", () => {
    assert.equal(among({ "Pulumi.mine.yaml": config }), "Pulumi.mine.yaml");
    assert.equal(among({ "Pulumi.mine.yaml": salt }), "Pulumi.mine.yaml");
  });

  it("is the further one until its own configures something, which `pulumi stack init` does not", () => {
    const further = { "stacks/mine.yaml": config };
    assert.equal(among(further), "stacks/mine.yaml");
    assert.equal(among({ ...further, "Pulumi.mine.yaml": "" }), "stacks/mine.yaml");
    assert.equal(among({ ...further, "Pulumi.mine.yaml": salt }), "stacks/mine.yaml");
    assert.equal(among({ ...further, "Pulumi.mine.yaml": salt + config }), "Pulumi.mine.yaml");
  });

  it("is its own where that is no YAML, so that somebody says so", () => {
    assert.equal(among({ "stacks/mine.yaml": config, "Pulumi.mine.yaml": "config: [" }), "Pulumi.mine.yaml");
  });

  it("is none where there is none, nor for a name that leads elsewhere", () => {
    assert.equal(among({}), undefined);
    assert.equal(among({ "stacks/mine.yaml": config }, "../stacks/mine"), undefined);
  });
});
