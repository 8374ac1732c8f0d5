import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { asReleased } from "../../tools/charts.ts";
import { goArguments } from "../../tools/goBuild.ts";
import { withBuildLock } from "../../tools/lock.ts";
import { compiledPackages, seconds, table } from "../../tools/progress.ts";
import { recipes, type GoRecipe } from "../../tools/recipes.ts";
import { run } from "../../tools/run.ts";

/** What a build that has its lock at once must not say. */
const mustNotWait = (line: string) => assert.fail(line);

describe("a build's steps", () => {
  let folder: string;
  let logFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "steps-"));
    logFile = join(folder, "log", "step.log");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("a command's output goes to the log", async () => {
    await run("sh", ["-c", "echo out; echo $WORD >&2"], { logFile, env: { WORD: "err" } });
    assert.equal(readFileSync(logFile, "utf8"), "out\nerr\n");
  });

  it("a failure shows the command, its last lines only, and where the log is", async () => {
    const failing = run("sh", ["-c", "seq 100; exit 3"], { logFile, cwd: folder });
    await assert.rejects(failing, ({ message }: Error) => {
      assert.match(message, /^sh -c seq 100; exit 3 \(in .*\) failed: exit code 3\n/);
      assert.ok(message.includes("\n  100\n") && message.includes("\n  86\n") && !message.includes("\n  85\n"));
      return message.endsWith(`The whole log: ${logFile}`);
    });
  });

  it("a command that does not exist is named", async () => {
    await assert.rejects(run("no-such-command", [], { logFile }), /^Error: no-such-command failed: .*ENOENT/);
  });

  it("two builds of the same folder do not overlap, and the second says that it waits", async () => {
    const said: string[] = [];
    let running = 0;
    const build = () =>
      withBuildLock(
        folder,
        (line) => said.push(line),
        async () => {
          running++;
          await sleep(50);
          assert.equal(running, 1);
          running--;
        },
      );
    await Promise.all([build(), build()]);
    assert.deepEqual(said, ["Another process is building the tools; waiting for it."]);
  });

  it("a failed build gives the lock back", async () => {
    const failing = withBuildLock(folder, mustNotWait, () => Promise.reject(new Error("no")));
    await assert.rejects(failing, /no/);
    assert.equal(await withBuildLock(folder, mustNotWait, () => Promise.resolve("yes")), "yes");
  });

  it("only packages count as compiled, not downloads", async () => {
    const lines = "go: downloading example.com/a v1.0.0\nexample.com/a\nexample.com/a/b\n";
    await run("printf", [lines], { logFile });
    assert.equal(compiledPackages(logFile), 2);
    assert.equal(compiledPackages(join(folder, "none")), 0);
    assert.ok(!existsSync(join(folder, "none")));
  });

  it("times are readable and summed", () => {
    assert.deepEqual([0.42, 9.97, 59.4, 188].map(seconds), ["0.4 s", "10 s", "59 s", "3 min 08 s"]);
    const lines = table([
      { name: "etcd", seconds: 30 },
      { name: "cni", seconds: undefined },
      { name: "istio", seconds: 40 },
    ]);
    assert.match(lines[1] ?? "", /^istio +40 s$/);
    assert.match(lines[2] ?? "", /^together +1 min 10 s$/);
    assert.equal(lines[3], "1 more were there already");
  });
});

describe("recipes", () => {
  it("Go compiles exactly what go.sum pins, into the family's folder, with the version stamped", () => {
    const istio = recipes.find(({ name }) => name === "istio") as GoRecipe;
    const args = goArguments(istio, "/dest");
    assert.ok(args.includes("-mod=readonly") && args.includes("-trimpath") && args.includes("-buildvcs=false"));
    assert.equal(args[args.indexOf("-o") + 1], "/dest/bin/");
    assert.match(args[args.indexOf("-ldflags") + 1] ?? "", /-X istio\.io\/istio\/pkg\/version\.buildVersion=1\.31\.0-/);
    assert.ok(!args.includes("-tags"));
  });

  it("a chart's placeholders become the release's, and nothing else does", () => {
    const text =
      "version: 1.0.0\nappVersion: 1.0.0\n  apiVersion: 1.0.0\n    hub: registry.istio.io/testing\n    tag: latest\n" +
      '  tag: ""\n  # tag: latest is the default\n';
    assert.equal(
      asReleased(text, { version: "1.31.1", hub: "docker.io/istio" }),
      "version: 1.31.1\nappVersion: 1.31.1\n  apiVersion: 1.0.0\n    hub: docker.io/istio\n    tag: 1.31.1\n" +
        '  tag: ""\n  # tag: latest is the default\n',
    );
  });
});
