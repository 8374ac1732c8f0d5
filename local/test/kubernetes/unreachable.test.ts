import assert from "node:assert/strict";
import { Driver } from "./driver.ts";
import type { Resource } from "./driver.ts";

/** Nobody listens there. */
const kubeconfig = JSON.stringify({
  "current-context": "a",
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "u", user: { token: "t" } }],
  contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
});

const secret = resource("kubernetes:core/v1:Secret", { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } });
const release = resource("kubernetes:helm.sh/v3:Release", { name: "x", namespace: "default", chart: "c", values: {} });

function resource(type: string, properties: Record<string, unknown>): Resource {
  return { type, name: "x", id: "default/x", inputs: properties, outputs: { ...properties, __inputs: properties } };
}

describe("a kubernetes cluster that does not answer", () => {
  it("is neither read nor emptied, and the error says how to do without it", async () => {
    const driver = await Driver.configured(kubeconfig);
    for (const one of [secret, release]) {
      await assert.rejects(driver.read(one), /rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE/);
      await assert.rejects(driver.delete(one), /unreachable/);
    }
    assert.match(
      driver.logged[0]?.message ?? "",
      /^configured Kubernetes cluster is unreachable: https:.*ECONNREFUSED/,
    );
  });

  it("with deleteUnreachable has nothing any more, but a release can only be forgotten by a refresh", async () => {
    const driver = await Driver.configured(kubeconfig, { deleteUnreachable: "true" });
    for (const one of [secret, release]) assert.equal(await driver.read(one), undefined);
    await driver.delete(secret);
    await assert.rejects(driver.delete(release), /can't delete Helm Release with unreachable cluster/);
  });
});
