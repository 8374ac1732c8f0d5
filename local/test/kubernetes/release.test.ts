import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { UNKNOWN } from "../../plugins/host/values.ts";
import { installArguments, uninstallArguments, upgradeArguments } from "../../plugins/kubernetes/release/arguments.ts";
import { errorText } from "../../plugins/kubernetes/release/helm.ts";
import { inputFailures, releaseInputs } from "../../plugins/kubernetes/release/inputs.ts";
import { resourceNames } from "../../plugins/kubernetes/release/manifest.ts";
import { outputs } from "../../plugins/kubernetes/release/release.ts";
import { decodeRelease } from "../../plugins/kubernetes/release/stored.ts";
import type { Properties } from "../../plugins/host/values.ts";

function inputs(news: Properties, olds: Properties = {}) {
  const request = { urn: "", type: "", name: "logical", olds, news: { chart: "base", ...news }, randomSeed: "ab" };
  return releaseInputs(request, "default");
}

const helm = { valuesFile: "/v.json", run: () => Promise.resolve("") };

describe("helm release inputs", () => {
  it("have a name, a namespace, a timeout and the defaults", () => {
    const { name, namespace, timeout, atomic, values } = inputs({});
    assert.match(name, /^logical-[0-9a-f]{8}$/);
    assert.deepEqual([namespace, timeout, atomic, values], ["default", 300, false, {}]);
    assert.equal(Object.keys(inputs({})).length, 29);
  });

  it("keep an old name, and have no timeout when nothing is waited for", () => {
    assert.equal(inputs({}, { name: "old" }).name, "old");
    assert.equal(inputs({ skipAwait: true }).timeout, undefined);
    assert.equal(inputs({ skipAwait: true, timeout: 9 }).timeout, 9);
  });

  it("merge values files under the values, and leave out null", () => {
    const valueYamlFiles = [{ text: "a: {x: 1, y: 1}\nl: [1, 2]" }, { text: "a: {y: 2}" }];
    const { values } = inputs({ valueYamlFiles, values: { a: { z: 3 }, l: [3], n: null } });
    assert.deepEqual(values, { a: { x: 1, y: 2, z: 3 }, l: [3] });
    assert.deepEqual(inputs({ values: { a: UNKNOWN } }).values, { a: UNKNOWN });
  });

  it("are refused when they would be ignored", () => {
    assert.deepEqual(inputFailures({ chart: "a", values: {}, timeout: 3, version: "1" }), []);
    const refused = inputFailures({ vlaues: {}, lint: true, repositoryOpts: { repo: "x", password: "p" } });
    assert.deepEqual(
      refused.map(({ property }) => property),
      ["vlaues", "lint", "repositoryOpts", "chart"],
    );
  });
});

describe("helm command lines", () => {
  const common = ["n", "base", "--namespace", "default", "--values", "/v.json"];

  it("install waits as Helm 3 does", () => {
    const wanted = ["install", ...common, "--timeout=300s", "--wait=legacy", "--server-side=false"];
    assert.deepEqual(installArguments(inputs({ name: "n" }), helm), wanted);
  });

  it("install takes every option", () => {
    const words = installArguments(
      inputs({
        name: "n",
        version: "1.2",
        timeout: 900,
        atomic: true,
        createNamespace: true,
        skipCrds: true,
        waitForJobs: true,
        repositoryOpts: { repo: "https://charts" },
      }),
      helm,
    );
    for (const word of [
      "--timeout=900s",
      "--rollback-on-failure",
      "--create-namespace",
      "--skip-crds",
      "--wait-for-jobs",
    ]) {
      assert.ok(words.includes(word), word);
    }
    assert.equal(words[words.indexOf("--version") + 1], "1.2");
    assert.equal(words[words.indexOf("--repo") + 1], "https://charts");
  });

  it("skipAwait waits for nothing, neither at install nor at uninstall", () => {
    assert.ok(installArguments(inputs({ name: "n", skipAwait: true }), helm).includes("--wait=hookOnly"));
    assert.deepEqual(uninstallArguments(inputs({ name: "n", skipAwait: true })), [
      "uninstall",
      "n",
      "--namespace",
      "default",
    ]);
  });

  it("uninstall waits by the release's own timeout", () => {
    const words = uninstallArguments(inputs({ name: "n", timeout: 900 }));
    assert.deepEqual(words.slice(-2), ["--wait=legacy", "--timeout=900s"]);
  });

  it("upgrade keeps every revision unless told otherwise", () => {
    assert.ok(upgradeArguments(inputs({ name: "n" }), helm).includes("--history-max=0"));
    assert.ok(upgradeArguments(inputs({ name: "n", maxHistory: 3 }), helm).includes("--history-max=3"));
  });

  it("an error is told without helm's log", () => {
    assert.equal(errorText('level=WARN msg="x"\nError: INSTALLATION FAILED: no\n'), "INSTALLATION FAILED: no");
    assert.equal(errorText("segfault\n"), "segfault");
  });
});

describe("helm results", () => {
  const manifest = [
    "---",
    "# Source: a/b.yaml",
    "apiVersion: v1",
    "kind: Service",
    "metadata:",
    "  # a comment",
    "  name: web",
    '  namespace: "space"',
    "---",
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    "    labels:",
    "        name: not-this",
    "    name: web # nor this",
    "spec:",
    "  name: nor-this",
    "---",
    "# nothing",
  ].join("\n");

  it("names the objects of a manifest", () => {
    assert.deepEqual(resourceNames(manifest), { "Deployment.apps/apps/v1": ["web"], "Service/v1": ["space/web"] });
  });

  it("reads Helm's own Secret", () => {
    const stored = { name: "n", version: 3 };
    const helmText = gzipSync(JSON.stringify(stored)).toString("base64");
    assert.deepEqual(decodeRelease(Buffer.from(helmText).toString("base64")), stored);
  });

  it("outputs say what is installed", () => {
    const chart = { metadata: { name: "base", version: "1.2.3", appVersion: "9" } };
    const stored = { name: "n", namespace: "default", version: 2, info: { status: "failed" }, chart, manifest };
    const made = outputs(inputs({ name: "n", values: { a: 1 } }), { ...stored, config: { b: 2 } });
    assert.deepEqual(made["status"], {
      appVersion: "9",
      chart: "base",
      name: "n",
      namespace: "default",
      revision: 2,
      status: "failed",
      version: "1.2.3",
    });
    assert.deepEqual([made["version"], made["values"]], ["1.2.3", { a: 1, b: 2 }]);
  });
});
