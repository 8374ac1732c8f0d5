import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { execa } from "execa";
import { cgroupNames } from "../cloud/cgroups.ts";
import { namespaceNames } from "../cloud/network/apply.ts";
import { kill } from "../cloud/processes.ts";
import { worldProcesses } from "../cloud/world.ts";
import { runDir } from "../paths.ts";
import { localCloud, sh } from "./shell.ts";

describe("npm run local -- down", function () {
  this.timeout(600_000);

  /** What must be gone; mounts are those that the host sees. */
  const left = async () => ({
    processes: worldProcesses(),
    namespaces: namespaceNames(),
    cgroups: cgroupNames(),
    files: existsSync(runDir),
    mounts: (await execa("cat", ["/proc/mounts"])).stdout.split("\n").filter((line) => line.includes(runDir)),
  });
  const nothing = { processes: [], namespaces: [], cgroups: [], files: false, mounts: [] };

  it("leaves nothing, also when `pulumi up` and the cloud were killed in the middle", async () => {
    const up = localCloud("up", "single");
    // Somewhere in the middle: a cluster's processes run.
    while (worldProcesses().length < 12) await new Promise((wake) => setTimeout(wake, 500));
    for (const pid of worldProcesses().slice(0, 6)) kill(pid);
    await up;
    assert.notDeepEqual(await left(), nothing, "something to remove");
    assert.equal((await localCloud("down")).exitCode, 0);
    assert.deepEqual(await left(), nothing);
  });

  it("has nothing to do afterwards", async () => {
    const { stdout, exitCode } = await localCloud("down");
    assert.equal(exitCode, 0);
    assert.match(stdout, /nothing/i);
  });

  it("lets a new cloud start", async () => {
    assert.equal((await sh("pulumi stack ls")).exitCode, 0);
    assert.equal((await localCloud("down")).exitCode, 0);
    assert.deepEqual(await left(), nothing);
  });
});
