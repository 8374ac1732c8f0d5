import assert from "node:assert/strict";
import { isBuiltIn, kindOf, tokenOf } from "../../plugins/kubernetes/tokens.ts";

describe("kubernetes type tokens", () => {
  const pairs = {
    "kubernetes:core/v1:Namespace": { apiVersion: "v1", kind: "Namespace" },
    "kubernetes:apps/v1:Deployment": { apiVersion: "apps/v1", kind: "Deployment" },
    "kubernetes:networking.istio.io/v1:Gateway": { apiVersion: "networking.istio.io/v1", kind: "Gateway" },
  };
  for (const [token, kind] of Object.entries(pairs)) {
    it(`${token} names a kind and back`, () => {
      assert.deepEqual(kindOf(token), kind);
      assert.equal(tokenOf(kind), token);
    });
  }

  it("takes an apiVersion of the core group as CustomResource gives it", () => {
    assert.deepEqual(kindOf("kubernetes:v1:Secret"), { apiVersion: "v1", kind: "Secret" });
  });

  it("refuses lists and patches of Kubernetes' own kinds, and other packages", () => {
    assert.throws(() => kindOf("kubernetes:core/v1:SecretList"), /list resources cannot be created directly/);
    assert.throws(() => kindOf("kubernetes:apps/v1:DeploymentPatch"), /patch resources are not built/);
    assert.throws(() => kindOf("aws:ec2/vpc:Vpc"), /unrecognized resource type: "aws:ec2\/vpc:Vpc"/);
  });

  it("leaves a custom kind alone whose name ends so", () => {
    assert.equal(kindOf("kubernetes:example.com/v1:AllowList").kind, "AllowList");
  });

  it("knows which groups are Kubernetes' own", () => {
    assert.ok(isBuiltIn("v1"));
    assert.ok(isBuiltIn("rbac.authorization.k8s.io/v1"));
    assert.ok(!isBuiltIn("gateway.networking.k8s.io/v1"));
    assert.ok(!isBuiltIn("networking.istio.io/v1"));
  });
});
