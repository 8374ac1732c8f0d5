import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const check = fileURLToPath(new URL("../../lab/require-node.mjs", import.meta.url));

/** Starts this Node.js under another version number, with the check before everything else. */
function start(version: string): { status: number | null; stdout: string; stderr: string } {
  const versions = `{ value: { ...process.versions, node: ${JSON.stringify(version)} } }`;
  const disguise = `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, "versions", ${versions})`)}`;
  const args = ["--import", disguise, "--import", check, "--eval", 'console.log("started")'];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

describe("a Node.js that is too old", () => {
  for (const version of ["18.20.8", "20.20.2", "22.17.1"]) {
    it(`gets one clear line (${version})`, () => {
      const { status, stdout, stderr } = start(version);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, new RegExp(`^istio-lab needs Node\\.js 22\\.18 or newer, but this is ${version} .*\\n$`));
    });
  }

  for (const version of ["22.18.0", "23.0.0", "24.21.0"]) {
    it(`is not ${version}`, () => {
      assert.deepEqual([start(version).status, start(version).stdout], [0, "started\n"]);
    });
  }

  it("is stopped where the program itself starts, too", () => {
    const project = parse(readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8")) as {
      runtime: { options: { nodeargs: string } };
    };
    assert.match(project.runtime.options.nodeargs, /--import=\.\/lab\/require-node\.mjs/);
  });
});
