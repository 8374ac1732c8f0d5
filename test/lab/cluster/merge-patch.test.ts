import assert from "node:assert/strict";
import { mergePatch } from "../../../lab/cluster/connected-cluster.ts";

describe("a merge patch", () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

  it("keeps the labels that it changes beside the name of whose they are", () => {
    assert.deepEqual(mergePatch(namespace, { metadata: { labels: { "istio-injection": "enabled" } } }), {
      ...namespace,
      metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
    });
  });

  it("does not let a change rename anything", () => {
    assert.deepEqual(mergePatch(namespace, { metadata: { name: "other" } }), namespace);
  });
});
