import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePlatform } from "../../../../lab/experiment/platforms/choose.ts";
import { eksOutputs, existingOutputs } from "./outputs.ts";

describe("the platform of a lab", () => {
  let run: string;
  beforeEach(() => {
    run = mkdtempSync(join(tmpdir(), "lab-"));
    writeFileSync(join(run, "cloud.sock"), "");
  });
  afterEach(() => {
    rmSync(run, { recursive: true });
  });
  const nameOf = async (...args: Parameters<typeof choosePlatform>) => (await choosePlatform(...args)).name;

  it("is the local cloud in a shell of one that runs, and EKS elsewhere", async () => {
    assert.equal(await nameOf(eksOutputs(), { ISTIO_LAB_RUN: run }), "local cloud");
    for (const environment of [{}, { ISTIO_LAB_RUN: "" }, { ISTIO_LAB_RUN: join(run, "gone") }]) {
      assert.equal(await nameOf(eksOutputs(), environment), "EKS");
    }
  });

  it("is nobody's to cut where the clusters existed before, also within the local cloud", async () => {
    const platform = await choosePlatform(existingOutputs(), { ISTIO_LAB_RUN: run });
    assert.equal(platform.name, "existing clusters");
    assert.match(platform.cannotCut ?? "", /somebody else's.*Run this experiment on EKS or on the local cloud/);
    const cut = { cluster: "east", blocks: ["0.0.0.0/0"], says: "zone loss" };
    for (const attempt of [platform.prepare(cut), platform.cut(null), platform.mend(null)]) {
      await assert.rejects(attempt, { message: platform.cannotCut ?? "" });
    }
    for (const outputs of [{ ISTIO_LAB_RUN: run }, {}]) {
      assert.equal((await choosePlatform(eksOutputs(), outputs)).cannotCut, undefined);
    }
  });
});
