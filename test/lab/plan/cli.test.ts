import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlanDocument } from "../../../lab/plan/document.ts";
import { recordProgram } from "../../../lab/recorder/record.ts";
import { stackNames } from "../../stacks/record.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as `npm run lab -- ...` does. */
function lab(...args: readonly string[]): Run {
  return node(["lab/cli.mjs", ...args]);
}

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  return spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CI: "true", ...env },
  });
}

describe("lab plan, as a user runs it", function () {
  this.timeout(60_000);
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-plan-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const written = (): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const configFile = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it("shows the single lab if no other is named, within 100 columns, without colours in a pipe, and writes files", () => {
    const { status, stdout, stderr } = lab("plan", "--out", folder);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^Plan of stack single \(Pulumi\.single\.yaml\)/);
    for (const title of ["Clusters", "Resources: ", "Open to the world", "Cost", "Files", "Next, on AWS"]) {
      assert.match(stdout, new RegExp(`^${title}`, "m"));
    }
    assert.match(stdout, /In all \$0\.31 per hour, \$0\.63 for a 2-hour lab\./);
    assert.match(stdout, /List prices .* read on \d{4}-\d{2}-\d{2}/);
    assert.match(stdout, /pulumi up --stack single /);
    assert.deepEqual(
      stdout.split("\n").filter((line) => line.length > 100),
      [],
    );
    assert.ok(!stdout.includes("\u001b"), "no escape codes");
    const files = written();
    for (const path of [
      "topology.svg",
      "topology.md",
      "graph.json",
      "manifests/primary",
      "values/primary/istiod.yaml",
    ]) {
      assert.ok(files.includes(`single/${path}`), path);
    }
  });

  it("finds stacks/single-ha.yaml by its name", () => {
    const { stdout } = lab("plan", "single-ha", "--out", folder);
    assert.match(stdout, /^Plan of stack single-ha \(stacks\/single-ha\.yaml\)/);
    assert.match(stdout, /pulumi up --stack single-ha --config-file stacks\/single-ha\.yaml/);
  });

  it("says of multi which cluster reads which, what warns, and what the second cluster adds to the bill", () => {
    const { status, stdout } = lab("plan", "multi", "--out", folder);
    assert.equal(status, 0);
    assert.match(stdout, /remote secrets: east reads west, west reads east/);
    assert.match(stdout, /reader-sees-secrets at istio-lab:clusters/);
    assert.match(stdout, /istio-eastwestgateway +every cluster +15443 +everybody/);
    assert.match(stdout, /In all \$0\.69 per hour/);
  });

  it("prints one JSON document and nothing else, and writes no file", () => {
    const before = existsSync(join(root, "out", "multi", "graph.json"));
    const { status, stdout, stderr } = lab("plan", "multi", "--json");
    assert.deepEqual([status, stderr], [0, ""]);
    const document = JSON.parse(stdout) as PlanDocument;
    assert.deepEqual(Object.keys(document), [
      "stack",
      "clusters",
      "remoteSecrets",
      "eastWestGateways",
      "istiodGateways",
      "resources",
      "cost",
      "open",
      "warnings",
    ]);
    const east = { name: "east", roles: ["primary"], network: "network-east", region: "us-east-1" };
    const west = { name: "west", roles: ["primary"], network: "network-west", region: "us-west-2" };
    assert.deepEqual(document.clusters, [
      { ...east, primary: "east", config: "east" },
      { ...west, primary: "west", config: "west" },
    ]);
    const pairs = document.remoteSecrets.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    assert.deepEqual(pairs, [
      { from: "east", to: "west" },
      { from: "west", to: "east" },
    ]);
    assert.deepEqual([document.eastWestGateways, document.istiodGateways], [["east", "west"], []]);
    assert.deepEqual(Object.keys(document.cost), ["hourly", "items"]);
    assert.deepEqual(Object.keys(document.warnings[0] ?? {}).toSorted(), ["code", "message", "path"]);
    const keys = ["dependsOn", "inputs", "name", "parent", "provider", "type", "urn"];
    for (const resource of document.resources) assert.deepEqual(Object.keys(resource).toSorted(), keys);
    assert.equal(existsSync(join(root, "out", "multi", "graph.json")), before);
  });

  it("reads a topology of Istio's own tests from JSON", () => {
    const file = configFile(
      "istio.json",
      JSON.stringify([
        { kind: "Kubernetes", clusterName: "one", network: "n1", podSubnet: "10.10.0.0/16", meta: {} },
        {
          kind: "Kubernetes",
          clusterName: "two",
          network: "n2",
          podSubnet: "10.20.0.0/16",
          svcSubnet: "10.255.20.0/24",
        },
      ]),
    );
    const { status, stdout } = lab("plan", "--config-file", file, "--json");
    assert.equal(status, 0);
    const document = JSON.parse(stdout) as PlanDocument;
    assert.equal(document.stack, "istio");
    assert.deepEqual(
      document.clusters.map(({ name, primary }) => [name, primary]),
      [
        ["one", "one"],
        ["two", "two"],
      ],
    );
  });

  it("says that no price is known for a region that is not in the price file, instead of a sum", () => {
    const clusters = [
      { name: "here", region: "us-east-1" },
      { name: "there", region: "eu-west-1" },
    ];
    const file = configFile("regions.json", JSON.stringify(clusters));
    const { status, stdout } = lab("plan", "--config-file", file, "--out", folder);
    assert.equal(status, 0);
    assert.match(stdout, /EKS control plane +1 +no price +known +Kubernetes .*; there/);
    assert.match(
      stdout,
      /No price known for some items in eu-west-1, so there is no sum\. What is known comes to \$0\.35/,
    );
  });

  it("names the stacks that exist when asked for one that does not", () => {
    const { status, stdout, stderr } = lab("plan", "nope", "--out", folder);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /There is no stack "nope"/);
    const names = stackNames.map((name) => name.replace(/^stacks\/|\.yaml$/g, "")).sort();
    assert.ok(stderr.includes(`Stacks that exist: ${names.join(", ")}.`), stderr);
    assert.deepEqual(written(), []);
  });

  it("refuses a bad configuration with the program's own text, all at once, and where to look; it writes nothing", async () => {
    const file = configFile(
      "bad.yaml",
      ["config:", "  istio-lab:clusters:", "    - name: a", "      primary: gone", "      zones: 1", ""].join("\n"),
    );
    for (const json of [[], ["--json"]]) {
      const { status, stdout, stderr } = lab("plan", "--config-file", file, "--out", folder, ...json);
      assert.deepEqual([status, stdout], [1, ""]);
      const config = { "istio-lab:clusters": JSON.stringify([{ name: "a", primary: "gone", zones: 1 }]) };
      const message = await recordProgram({ stack: "bad", config }).then(
        () => "",
        (error: unknown) => (error as Error).message,
      );
      assert.ok(message.includes("dangling-primary") && message.includes("too-few-zones"), message);
      assert.ok(stderr.startsWith(message), stderr);
      assert.match(stderr, /bad\.yaml:4:7 {2}dangling-primary/);
      assert.match(stderr, /bad\.yaml:5:7 {2}too-few-zones/);
      assert.doesNotMatch(stderr, /^\s+at .*\.(ts|js)/m, "no stack trace");
    }
    assert.deepEqual(written(), ["bad.yaml"]);
  });

  it("says of an encrypted value that is needed that it cannot be read here", () => {
    const file = configFile("s.yaml", "config:\n  istio-lab:access:\n    admins:\n      - secure: v1:abc\n");
    const { status, stderr } = lab("plan", "--config-file", file, "--out", folder);
    assert.equal(status, 1);
    assert.match(stderr, /malformed-arn/);
    assert.match(stderr, /access\.admins\[0\] is encrypted in .*s\.yaml.*pulumi preview/s);
  });

  it("says where a file is no YAML, no JSON, no stack file, or not there", () => {
    const broken = configFile("broken.yaml", "config:\n  istio-lab:model: [single\n  other: true\n");
    assert.match(lab("plan", "--config-file", broken).stderr, /broken\.yaml:3:3: this is no valid YAML/);
    const json = configFile("broken.json", '{"clusters": [}');
    assert.match(lab("plan", "--config-file", json).stderr, /broken\.json: this is no valid JSON/);
    const text = configFile("text.yaml", "just words\n");
    assert.match(lab("plan", "--config-file", text).stderr, /text\.yaml: a stack file is a mapping/);
    const { status, stderr } = lab("plan", "--config-file", join(folder, "gone.yaml"));
    assert.equal(status, 1);
    assert.match(stderr, /gone\.yaml: it does not exist\.\n$/);
  });

  it("writes the same files again, in place of what an earlier plan left, and touches nothing else in the folder", () => {
    const texts = (): string[][] => {
      assert.equal(lab("plan", "multi", "--out", folder).status, 0);
      const files = written().filter((path) => /\.\w+$/.test(path));
      return files.map((path) => [path, readFileSync(join(folder, path), "utf8")]);
    };
    const first = texts();
    writeFileSync(join(folder, "multi", "manifests", "east", "stale.yaml"), "left by an earlier plan");
    const notes = join(folder, "multi", "notes.txt");
    writeFileSync(notes, "mine");
    assert.deepEqual(
      texts().filter(([path]) => path !== "multi/notes.txt"),
      first,
    );
    assert.equal(readFileSync(notes, "utf8"), "mine");
  });

  it("stops an old Node before it reads any TypeScript", () => {
    const old = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })`;
    const { status, stdout, stderr } = node([
      `--import=data:text/javascript,${encodeURIComponent(old)}`,
      "lab/cli.mjs",
      "plan",
    ]);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^istio-lab needs Node\.js .*\n$/);
  });
});
