import assert from "node:assert/strict";
import { meshNamespace } from "../../istio/namespaces.ts";
import { revisionTag } from "../../istio/revision-tag.ts";
import { planned } from "./plans.ts";

describe("a revision tag", () => {
  const { metadata, webhooks } = revisionTag("istio-system", "canary", "1-31-1") as unknown as {
    metadata: { name: string; labels: Record<string, string> };
    webhooks: { name: string; clientConfig: object; namespaceSelector: object; objectSelector: object }[];
  };

  it("leads to the Service of its revision, whose istiod knows it by its label and puts in its certificate", () => {
    assert.equal(metadata.name, "istio-revision-tag-canary");
    assert.equal(metadata.labels["istio.io/rev"], "1-31-1");
    for (const { name, clientConfig } of webhooks) {
      // istiod looks for this end (istio/istio: pilot/pkg/bootstrap/webhook.go).
      assert.match(name, /\.sidecar-injector\.istio\.io$/);
      const service = { name: "istiod-1-31-1", namespace: "istio-system", path: "/inject", port: 443 };
      assert.deepEqual(clientConfig, { service });
    }
  });

  it("catches pods by their namespace's label or by their own, never twice", () => {
    const follows = { key: "istio.io/rev", operator: "In", values: ["canary"] };
    const [byNamespace, byPod] = webhooks;
    assert.ok(JSON.stringify(byNamespace?.namespaceSelector).includes(JSON.stringify(follows)));
    assert.ok(JSON.stringify(byPod?.objectSelector).includes(JSON.stringify(follows)));
    assert.ok(JSON.stringify(byPod?.namespaceSelector).includes('{"key":"istio.io/rev","operator":"DoesNotExist"}'));
  });

  it("is what a namespace follows instead of the control plane without a name", () => {
    const { lab } = planned({ mesh: { revisions: { stable: "1.31.1" } } }, "primary");
    const mesh = lab.meshes[0] ?? assert.fail("a mesh");
    assert.deepEqual(meshNamespace(mesh, "curl", "stable").metadata.labels, { "istio.io/rev": "stable" });
    assert.deepEqual(meshNamespace(mesh, "curl").metadata.labels, { "istio-injection": "enabled" });
  });
});
