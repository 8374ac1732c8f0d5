import assert from "node:assert/strict";
import { checkConfig, planLab } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";
import type { ObservabilityPlan } from "../../topology/types.ts";
import { east, external, remote, two, west } from "./rules/case.ts";

const all = { prometheus: true, kiali: true, grafana: true };

function observed(config: LabConfig): Record<string, ObservabilityPlan | undefined> {
  return Object.fromEntries(planLab(config).clusters.map(({ name, observability }) => [name, observability]));
}

const secrets = (config: LabConfig): string[] =>
  planLab(config).kialiSecrets.map(({ from, to }) => `${to} reads ${from}`);
const refusals = (config: LabConfig): string[] => checkConfig(config).issues.map(({ code }) => code);

describe("observability", () => {
  it("is nothing that a lab has unasked", () => {
    assert.deepEqual(observed(two), { east: undefined, west: undefined });
    assert.deepEqual(observed({ ...two, observability: { kiali: false } }), { east: undefined, west: undefined });
  });

  it("of one cluster asks whoever looks at Kiali for a token, and may change what that one may", () => {
    const { primary } = observed({ model: "single", observability: all });
    assert.deepEqual(primary, {
      store: "primary",
      grafana: true,
      kiali: { login: "token", viewOnly: false },
    });
  });

  it("of several clusters has one store and one Kiali, which reads the others and changes nothing", () => {
    const config = { ...two, observability: { ...all, cluster: "east" } };
    assert.deepEqual(secrets(config), ["east reads west"]);
    assert.deepEqual(observed(config), {
      east: { store: "east", grafana: true, kiali: { login: "anonymous", viewOnly: true } },
      west: { store: "east", grafana: false },
    });
  });

  it("has the metrics that Kiali and Grafana show, without being told to", () => {
    assert.deepEqual(observed({ model: "single", observability: { kiali: true } }), {
      primary: { store: "primary", grafana: false, kiali: { login: "token", viewOnly: false } },
    });
    assert.deepEqual(observed({ model: "single", observability: { prometheus: true } }), {
      primary: { store: "primary", grafana: false },
    });
  });

  it("stands in the cluster that the stack file names", () => {
    const { east: first, west: second } = observed({ ...two, observability: { ...all, cluster: "west" } });
    assert.equal(first?.store, "west");
    assert.equal(first.kiali, undefined);
    assert.equal(second?.kiali?.login, "anonymous");
    assert.deepEqual(secrets({ ...two, observability: { ...all, cluster: "west" } }), ["west reads east"]);
  });

  it("stands in a cluster whose istiod reads all the others, whatever their names", () => {
    const named = observed({
      clusters: [
        { ...east, name: "zulu" },
        { ...west, name: "alpha", primary: "zulu" },
      ],
      observability: all,
    });
    assert.equal(named["alpha"]?.store, "zulu");
    assert.equal(named["zulu"]?.kiali?.viewOnly, true);
  });

  it("of an external control plane is beside its workloads, not beside its istiod", () => {
    const { external: istiod, config } = observed({ ...external, observability: { grafana: true } });
    assert.equal(istiod, undefined);
    assert.deepEqual(config, { store: "config", grafana: true });
  });

  it("of several meshes is one of each, since none trusts another's metrics", () => {
    const meshes = [
      { name: "a", trustDomain: "a.example" },
      { name: "b", trustDomain: "b.example" },
    ];
    const config = {
      clusters: [
        { ...east, mesh: "a" },
        { ...west, mesh: "b" },
      ],
      meshes,
      observability: all,
    };
    const { east: a, west: b } = observed(config);
    assert.equal(a?.store, "east");
    assert.equal(b?.store, "west");
    assert.equal(b.kiali?.login, "token");
    assert.deepEqual(secrets(config), []);
  });

  it("is not moved by a cluster that comes later: where several could have it, one must be named", () => {
    const messages = (observability: LabConfig["observability"]) =>
      checkConfig({ ...two, observability })
        .issues.filter(({ code }) => code === "observability-cluster")
        .map(({ message }) => message);
    assert.match(messages({ grafana: true }).join(), /it is not said which\. Name one of: east, west\.$/);
    assert.match(messages({ grafana: true, cluster: ["east", "west"] }).join(), /east, west are named\. /);
    assert.deepEqual(messages({ grafana: true, cluster: ["west"] }), []);
    assert.deepEqual(messages({ grafana: false }), []);
  });

  it("cannot stand where no istiod reads the others", () => {
    assert.ok(
      refusals({ ...remote, observability: { kiali: true, cluster: "west" } }).includes("observability-cluster"),
    );
    assert.ok(
      refusals({ ...external, observability: { grafana: true, cluster: "external" } }).includes(
        "observability-cluster",
      ),
    );
    assert.deepEqual(refusals({ ...external, observability: { grafana: true, cluster: "config" } }), []);
  });

  it("has a namespace that no tenant may have", () => {
    assert.deepEqual(refusals({ tenants: [{ name: "observability" }] }), ["tenant-namespace-taken"]);
  });
});
