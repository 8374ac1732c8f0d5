import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { writePrivately } from "../../../lab/kubeconfig/command.ts";
import { mergeKubeconfigs, type Part } from "../../../lab/kubeconfig/merge.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";

/** As the eks provider writes it: in every one the cluster and its user have the same names. */
const eks = (name: string) => ({
  ...{ apiVersion: "v1", kind: "Config", "current-context": "aws" },
  clusters: [{ name: "kubernetes", cluster: { server: `https://${name}`, "certificate-authority-data": "QQ==" } }],
  users: [
    {
      name: "aws",
      user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args: [name] } },
    },
  ],
  contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
});
const kind = {
  ...{ apiVersion: "v1", kind: "Config", "current-context": "other" },
  clusters: [
    { name: "other", cluster: { server: "https://other" } },
    { name: "kind-east", cluster: { server: "https://127.0.0.1:6443", "certificate-authority": "pki/ca.crt" } },
  ],
  users: [{ name: "admin", user: { "client-certificate": "/pki/me.crt", "client-key": "pki/me.key" } }],
  contexts: [
    { name: "other", context: { cluster: "other", user: "admin" } },
    { name: "kind-east", context: { cluster: "kind-east", user: "admin", namespace: "shop" } },
  ],
};

function read(merged: object): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(merged));
  return config;
}

describe("the kubeconfig of a lab", () => {
  it("has a context for each cluster, named as it, though all were named alike", () => {
    const config = read(mergeKubeconfigs(["east", "west"].map((name) => ({ name, config: eks(name) }))));
    assert.deepEqual(
      config.getContexts().map(({ name }) => name),
      ["east", "west"],
    );
    assert.equal(config.getCurrentContext(), "east");
    for (const name of ["east", "west"]) {
      config.setCurrentContext(name);
      assert.equal(config.getCurrentCluster()?.server, `https://${name}`);
      assert.deepEqual((config.getCurrentUser()?.exec as { args: string[] }).args, [name]);
    }
  });

  it("takes one context of a file with several, and paths that are right from everywhere", () => {
    const merged = mergeKubeconfigs([
      { name: "east", config: kind, context: "kind-east", file: "/home/me/.kube/config" },
    ]);
    assert.deepEqual(merged, {
      ...{ apiVersion: "v1", kind: "Config", "current-context": "east" },
      clusters: [
        {
          name: "east",
          cluster: { server: "https://127.0.0.1:6443", "certificate-authority": "/home/me/.kube/pki/ca.crt" },
        },
      ],
      users: [
        { name: "east", user: { "client-certificate": "/pki/me.crt", "client-key": "/home/me/.kube/pki/me.key" } },
      ],
      contexts: [{ name: "east", context: { cluster: "east", user: "east", namespace: "shop" } }],
    });
  });

  it("is refused where a context is missing, or names what is not there", () => {
    const says = (part: Omit<Part, "name">, message: RegExp) => {
      assert.throws(
        () => mergeKubeconfigs([{ name: "east", ...part }]),
        (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"),
      );
    };
    says(
      { config: kind, context: "kind-west", file: "/home/me/config" },
      /config of east has no context "kind-west".*only other, kind-east\. The stack file/,
    );
    says({ config: { ...eks("east"), users: [] } }, /with a cluster and a user/);
    for (const config of [null, "text", { ...kind, contexts: null }])
      says({ config, context: "kind-east" }, /is none: /);
  });

  it("is a file that only its owner reads, replaced as a whole, with nothing left beside it", () => {
    const folder = mkdtempSync(join(tmpdir(), "lab-"));
    try {
      const file = join(folder, "out", "kubeconfig");
      writePrivately(file, "old");
      writeFileSync(file, "older", { mode: 0o644 });
      writePrivately(file, "new");
      assert.equal(readFileSync(file, "utf8"), "new");
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.ok(!existsSync(`${file}.new`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says in one sentence that it cannot be written, and leaves nothing beside it", () => {
    const folder = mkdtempSync(join(tmpdir(), "lab-"));
    try {
      const taken = join(folder, "taken");
      mkdirSync(taken);
      writeFileSync(join(folder, "file"), "");
      for (const file of [taken, join(folder, "file", "kubeconfig")])
        assert.throws(
          () => {
            writePrivately(file, "new");
          },
          (error) => error instanceof UsageError && error.message.startsWith(`The file ${file} cannot be written: E`),
        );
      assert.ok(!existsSync(`${taken}.new`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
