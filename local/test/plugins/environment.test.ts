import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { environment, places } from "../../commands/environment.ts";
import { installCommands, installPlugins } from "../../plugins/host/launchers.ts";

describe("the environment inside the local cloud", () => {
  it("finds the cloud's commands first and keeps what leads out of it away", () => {
    const outside = {
      PATH: "/usr/bin",
      HOME: "/home/me",
      HTTPS_PROXY: "http://proxy",
      no_proxy: "x",
      AWS_PROFILE: "company",
      PULUMI_ACCESS_TOKEN: "secret",
      npm_config_registry: "https://r",
    };
    const inside = environment(places("/run/lab"), "/tools/bin", outside);
    assert.equal(inside["PATH"], "/run/lab/bin:/tools/bin:/usr/bin");
    assert.equal(inside["HOME"], "/home/me");
    const leaked = Object.keys(outside).filter((name) => name !== "PATH" && name !== "HOME" && name in inside);
    assert.deepEqual(leaked, []);
    assert.equal(inside["PULUMI_BACKEND_URL"], "file:///run/lab/pulumi");
  });
});

describe("installed plugins and commands", () => {
  let directory: string, modules: string, home: string;
  const plugin = (name: string) => join(home, "plugins", name);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "istio-lab-launchers-"));
    [modules, home] = [join(directory, "node_modules"), join(directory, "home")];
    for (const [name, version] of Object.entries({
      aws: "7.1.0",
      eks: "4.3.0",
      kubernetes: "4.34.2",
      random: "4.0.0",
      tls: "5.0.0",
    })) {
      mkdirSync(join(modules, "@pulumi", name), { recursive: true });
      writeFileSync(join(modules, "@pulumi", name, "package.json"), JSON.stringify({ version }));
    }
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("have the versions that the program's SDKs ask for", () => {
    installPlugins(home, modules);
    assert.ok(existsSync(join(plugin("resource-aws-v7.1.0"), "pulumi-resource-aws")));
    assert.ok(existsSync(plugin("resource-kubernetes-v4.34.2")));
    assert.ok(existsSync(plugin("resource-kubernetes-v4.19.0")));
  });

  it("stay untouched while they are right, and go with their version", () => {
    installPlugins(home, modules);
    const script = join(plugin("resource-aws-v7.1.0"), "pulumi-resource-aws");
    const before = statSync(script).ino;
    installPlugins(home, modules);
    assert.equal(statSync(script).ino, before);
    writeFileSync(join(modules, "@pulumi", "aws", "package.json"), JSON.stringify({ version: "7.2.0" }));
    installPlugins(home, modules);
    assert.equal(existsSync(script), false);
    assert.ok(existsSync(plugin("resource-aws-v7.2.0")));
  });

  it("run on this Node.js, and nothing else is on PATH for long", () => {
    const bin = join(directory, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "stale"), "");
    installCommands(bin);
    assert.equal(existsSync(join(bin, "stale")), false);
    assert.equal(execFileSync(join(bin, "node"), ["--version"], { encoding: "utf8" }).trim(), process.version);
  });
});
