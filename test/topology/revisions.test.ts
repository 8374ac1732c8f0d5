import assert from "node:assert/strict";
import { checkConfig, planLab } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { east, west } from "./rules/case.ts";

const revisions = { stable: "1.30.4", canary: "1.31.1" };
const stable = { revision: "1-30-4", version: "1.30.4", tag: "stable" };
const canary = { revision: "1-31-1", version: "1.31.1", tag: "canary" };

const meshIn = (config: LabConfig) => planLab(config).meshes[0] ?? assert.fail("a mesh");

describe("revisions of the control plane", () => {
  it("without them there is one control plane, of the revision that Istio calls default", () => {
    const { version, revisions: planned, follows } = meshIn({ mesh: { version: "1.31.0" } });
    assert.deepEqual(planned, [{ revision: "default", version: "1.31.0" }]);
    assert.deepEqual([version, follows], ["1.31.0", undefined]);
  });

  it("are named after their versions, and what a cluster has once is of the newest", () => {
    const { version, revisions: planned, follows } = meshIn({ mesh: { revisions } });
    assert.deepEqual(planned, [stable, canary]);
    assert.deepEqual([version, follows], ["1.31.1", "stable"]);
    assert.equal(meshIn({ mesh: { revisions: { stable: "1.31.10", canary: "1.31.9" } } }).version, "1.31.10");
  });

  it("leave the control plane without a name where its version is asked for too", () => {
    const { revisions: planned } = meshIn({ mesh: { version: "1.30.4", revisions: { stable: "1.30.4" } } });
    assert.deepEqual(planned, [{ revision: "default", version: "1.30.4" }, stable]);
  });

  it("are followed namespace by namespace, and by whatever names none as the mesh says", () => {
    const config: LabConfig = {
      mesh: { revisions },
      samples: ["httpbin", { name: "curl", revision: "canary" }],
      tenants: [{ name: "red", revision: "canary" }, { name: "blue" }],
    };
    const followed = (by: LabConfig) =>
      planLab(by).clusters.flatMap(({ samples, tenants }) =>
        [...samples, ...tenants].map(({ name, revision }) => `${name} ${revision ?? ""}`),
      );
    assert.deepEqual(followed(config), ["curl canary", "httpbin stable", "blue stable", "red canary"]);
    const moved: LabConfig = { ...config, mesh: { revisions, revision: "canary" } };
    assert.deepEqual(followed(moved), ["curl canary", "httpbin canary", "blue canary", "red canary"]);
    assert.equal(meshIn(moved).follows, "canary");
  });

  it("are all judged by their versions", () => {
    const codes = (of: NonNullable<LabConfig["mesh"]>) =>
      checkConfig({ mesh: of }).issues.map(({ code, path }) => `${code} ${path}`);
    assert.deepEqual(codes({ revisions: { stable: "1.30.2", canary: "1.31" } }), [
      "istio-version mesh.revisions.canary",
      "broken-istio mesh.revisions.stable",
    ]);
    assert.deepEqual(codes({ version: "1.29.9", revisions }), ["unsupported-istio mesh.version"]);
  });

  const unknown: readonly (readonly [title: string, config: LabConfig, path: string])[] = [
    ["the mesh", { mesh: { revision: "canary" } }, "mesh.revision"],
    ["a tenant", { tenants: [{ name: "red", revision: "stable" }] }, "tenants[0].revision"],
    [
      "a tenant in two meshes, of which one has no canary",
      {
        meshes: [
          { name: "one", revisions, trustDomain: "one.example" },
          { name: "two", revisions: { stable: "1.30.4" }, trustDomain: "two.example" },
        ],
        clusters: [
          { ...east, mesh: "one" },
          { ...west, mesh: "two" },
        ],
        tenants: [{ name: "red", revision: "canary" }],
      },
      "tenants[0].revision",
    ],
  ];
  for (const [title, config, path] of unknown) {
    it(`${title} cannot follow a tag that leads nowhere`, () => {
      const { issues } = checkConfig(config);
      assert.deepEqual(
        issues.map((issue) => `${issue.code} ${issue.path}`),
        [`unknown-revision ${path}`],
      );
    });
  }
});
