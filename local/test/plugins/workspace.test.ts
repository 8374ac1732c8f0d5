import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { parse } from "yaml";
import { versions } from "../../versions.ts";
import { refreshWorkspace } from "../../workspace.ts";

describe("the workspace", () => {
  let directory: string, project: string, workspace: string;
  const write = (file: string, text: string) => writeFileSync(join(project, file), text);
  const copied = (file: string) => join(workspace, file);
  const refresh = () => refreshWorkspace(project, workspace, "/tools");
  const stack = (file = "Pulumi.multi.yaml") =>
    parse(readFileSync(copied(file), "utf8")) as {
      config: Record<string, Record<string, unknown>>;
      encryptionsalt?: string;
    };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "istio-lab-workspace-"));
    [project, workspace] = [join(directory, "project"), join(directory, "workspace")];
    for (const folder of ["local", "out", "node_modules", "stacks"])
      mkdirSync(join(project, folder), { recursive: true });
    execFileSync("git", ["init", "-q", project]);
    write(".gitignore", "node_modules/\nout/\nsecret.txt\n");
    write("index.ts", "export {};\n");
    write("secret.txt", "x");
    write("local/main.ts", "x");
    write(
      "Pulumi.multi.yaml",
      "# two clusters\nconfig:\n  istio-lab:mesh:\n    version: 1.31.1\n    values: {istiod: {env: {OTHER: a}}}\n",
    );
    write("stacks/tenants.yaml", "config:\n  istio-lab:meshes:\n    - name: one\n    - name: two\n");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("holds tracked and new files as they are, and nothing ignored, nothing of local/", () => {
    execFileSync("git", ["-C", project, "add", "index.ts"]);
    write("index.ts", "changed\n");
    refresh();
    assert.equal(readFileSync(copied("index.ts"), "utf8"), "changed\n");
    assert.deepEqual(
      ["secret.txt", "local"].filter((file) => existsSync(copied(file))),
      [],
    );
    assert.ok(existsSync(copied("node_modules")));
  });

  it("gives the project what commands write into `out`", () => {
    refresh();
    refresh();
    writeFileSync(copied("out/report.md"), "measured");
    assert.equal(readFileSync(join(project, "out", "report.md"), "utf8"), "measured");
  });

  it("keeps an `out` that was made in the copy", () => {
    mkdirSync(copied("out"), { recursive: true });
    writeFileSync(copied("out/report.md"), "measured");
    refresh();
    assert.equal(readFileSync(copied("out/report.md"), "utf8"), "measured");
    assert.equal(existsSync(join(project, "out", "report.md")), false);
  });

  it("points stack files at the built charts and version, keeping everything else", () => {
    refresh();
    const { config } = stack();
    assert.equal(config["istio-lab:artifacts"]?.["istioCharts"], "/tools/charts/{version}");
    assert.equal(config["istio-lab:mesh"]?.["version"], versions.istio.version);
    const values = config["istio-lab:mesh"]["values"] as { istiod: { env: object; telemetry: object } };
    assert.deepEqual(values.istiod.telemetry, { enabled: false });
    assert.deepEqual(values.istiod.env, {
      OTHER: "a",
      PILOT_ENABLE_METADATA_EXCHANGE: "false",
      PILOT_ENABLE_ALPN_FILTER: "false",
    });
    assert.match(readFileSync(copied("Pulumi.multi.yaml"), "utf8"), /^# two clusters$/m);
    const meshes = stack("stacks/tenants.yaml").config["istio-lab:meshes"] as unknown as { version: string }[];
    assert.deepEqual(
      meshes.map(({ version }) => version),
      [versions.istio.version, versions.istio.version],
    );
  });

  it("gives a canary the built version, and the one before to what is stable", () => {
    const meshOf = (revisions: string) => {
      write("stacks/canary.yaml", `config:\n  istio-lab:mesh:\n${revisions}`);
      refresh();
      const { version, revisions: seen } = stack("stacks/canary.yaml").config["istio-lab:mesh"] ?? {};
      return { version, revisions: seen };
    };
    const { istio, previousIstio } = versions;
    const both = { stable: previousIstio.version, canary: istio.version };
    const file = "    revisions: { stable: 1.31.0, canary: 1.31.1 }\n";
    assert.deepEqual(meshOf(file), { version: undefined, revisions: both });
    assert.deepEqual(meshOf(`    version: 1.31.0\n${file}`), { version: previousIstio.version, revisions: both });
    const alone = { version: undefined, revisions: { stable: istio.version } };
    assert.deepEqual(meshOf("    revisions: { stable: 1.31.0 }\n"), alone);
  });

  it("leaves Prometheus of observability, whoever asked for it, and nothing where nobody asked", () => {
    const seen = (keys: string) => {
      write("stacks/seen.yaml", `config:\n  istio-lab:observability: ${keys}\n`);
      refresh();
      return stack("stacks/seen.yaml").config["istio-lab:observability"];
    };
    const left = { kiali: false, grafana: false, prometheus: true };
    assert.deepEqual(seen("{ kiali: true, cluster: east }"), { ...left, cluster: "east" });
    assert.deepEqual(seen("{ prometheus: true, grafana: true }"), left);
    assert.deepEqual(seen("{ kiali: false }"), { kiali: false });
    assert.equal(stack().config["istio-lab:observability"], undefined);
  });

  it("does not touch the project", () => {
    const before = readFileSync(join(project, "Pulumi.multi.yaml"), "utf8");
    refresh();
    assert.equal(readFileSync(join(project, "Pulumi.multi.yaml"), "utf8"), before);
  });

  it("keeps the salt that Pulumi wrote and files made in it, and drops files that are gone", () => {
    write("old.ts", "");
    refresh();
    appendFileSync(copied("Pulumi.multi.yaml"), "encryptionsalt: v1:abc\n");
    writeFileSync(copied("Pulumi.mine.yaml"), "encryptionsalt: v1:def\n");
    rmSync(join(project, "old.ts"));
    refresh();
    assert.equal(stack().encryptionsalt, "v1:abc");
    assert.equal(existsSync(copied("old.ts")), false);
    assert.equal(readFileSync(copied("Pulumi.mine.yaml"), "utf8"), "encryptionsalt: v1:def\n");
  });
});
