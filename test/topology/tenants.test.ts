import assert from "node:assert/strict";
import { checkConfig } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";

/** Places that a warning of a code points to. */
const warned = (config: LabConfig, code: string): string[] =>
  checkConfig(config)
    .warnings.filter((warning) => warning.code === code)
    .map(({ path }) => path);

describe("a tenant whose pods may take the node", () => {
  const code = "privileged-among-tenants";
  const [blue, red] = [{ name: "blue" }, { name: "red" }];

  it("is told who of several it is, where istio-cni lets the others be restricted", () => {
    const tenants = [blue, { ...red, podSecurity: "privileged" as const }];
    assert.deepEqual(warned({ mesh: { cni: true }, tenants }, code), ["tenants[1].podSecurity"]);
  });

  it("is no danger to itself: alone in a lab, or in clusters of its own", () => {
    assert.deepEqual(warned({ tenants: [blue] }, code), []);
    const clusters = [
      { name: "east", tenants: ["blue"] },
      { name: "west", tenants: ["red"] },
    ];
    assert.deepEqual(warned({ clusters, tenants: [blue, red] }, code), []);
    const shared = [...clusters, { name: "zone", tenants: ["red", "blue"] }];
    assert.deepEqual(warned({ clusters: shared, tenants: [blue, red] }, code).length, 2);
  });
});
