import assert from "node:assert/strict";
import { checkConfig } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";

/** Places that a warning of a code points to. */
const warned = (config: LabConfig, code: string): string[] =>
  checkConfig(config)
    .warnings.filter((warning) => warning.code === code)
    .map(({ path }) => path);

/** What is said of a mistake, once per finding. */
const refused = (config: LabConfig, code: string): string[] =>
  checkConfig(config)
    .issues.filter((issue) => issue.code === code)
    .map(({ message }) => message);

describe("a caller that is no tenant", () => {
  const messages = (...tenants: NonNullable<LabConfig["tenants"]>) => refused({ tenants }, "unknown-caller");

  it("is answered with those who could be named, and are not yet", () => {
    const [message] = messages({ name: "blue", callers: ["gren", "red"] }, { name: "green" }, { name: "red" });
    assert.match(message ?? "", / Name one of: green\.$/);
  });

  it("is answered with a way to mend it where there is nobody to name", () => {
    const [message] = messages({ name: "blue", callers: ["green"] });
    assert.match(message ?? "", / Describe "green" under `tenants`, or take this away\.$/);
  });
});

describe("an exported service that is none", () => {
  it("is answered with a way to mend it where the tenant has no service to name", () => {
    const blue = { name: "blue", samples: ["curl" as const], callers: ["red"], exportedServices: ["shop"] };
    const [message] = refused({ tenants: [blue, { name: "red" }] }, "unknown-exported-service");
    assert.match(message ?? "", / Give "blue" a sample with a Service under `samples`, or take this away\.$/);
  });
});

describe("a tenant's quota", () => {
  it("opens no way in from outside, neither by load balancers nor by ports of nodes", () => {
    for (const key of ["services.loadbalancers", "services.nodeports"]) {
      const quota = (value: string): LabConfig => ({ tenants: [{ name: "blue", quota: { [key]: value } }] });
      assert.match(refused(quota("1"), "tenant-quota").join(), /goes around all that keeps tenants apart/, key);
      assert.deepEqual(refused(quota("0"), "tenant-quota"), [], key);
    }
  });
});

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
