import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { experiments } from "../../../../lab/experiment/set/all.ts";
import { refusalOf, sceneOf, type NodeZone } from "../../../../lab/experiment/run/scene.ts";
import type { Experiment } from "../../../../lab/experiment/experiment.ts";
import { fakeLab } from "../fake-lab.ts";

const nodes: NodeZone[] = ["east", "west"].flatMap((cluster) =>
  ["a", "b"].map((zone) => ({ cluster, node: `node-${zone}`, zone: `${cluster}-${zone}` })),
);
const multi = sceneOf(fakeLab(), nodes);
const global = sceneOf(fakeLab({}, "global-ingress"), nodes);

describe("the set of experiments", () => {
  it("has at least sixteen beside its controls, each under a name of its own", () => {
    const names = experiments.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(experiments.filter(({ control }) => control !== true).length >= 16);
    assert.ok(experiments.filter(({ control }) => control).length >= 4);
  });

  for (const experiment of experiments) {
    it(`${experiment.name} can be told from its plan what it does, and what must hold`, () => {
      assert.match(experiment.name, /^[a-z]+(-[a-z]+)*$/);
      const scene = experiment.needs?.globalIngress ? global : multi;
      assert.equal(refusalOf(experiment, scene), undefined);
      const faults = [...(experiment.setup?.(scene) ?? []), ...experiment.fault(scene)];
      // Journals are JSON: what is lost on the way could not be undone by another process.
      assert.deepEqual(JSON.parse(JSON.stringify(faults)), faults);
      for (const { says } of faults) assert.doesNotMatch(says, /undefined|\[object/);
      const clients = (experiment.clients?.(scene) ?? [{ cluster: "east" }, { cluster: "west" }]).map(
        ({ cluster }) => cluster,
      );
      const expectations = experiment.expect(scene);
      assert.ok(expectations.length > 0);
      for (const { client, atMost, atLeast, never, because } of expectations) {
        assert.ok(client === undefined || clients.includes(client), `nobody asks in ${String(client)}`);
        assert.ok(never ?? (atMost !== undefined || atLeast !== undefined), "an expectation without a limit");
        assert.match(because, /^[A-Z0-9].*\.$/);
      }
    });
  }
});

describe("an experiment's needs", () => {
  const refused = (needs: NonNullable<Experiment["needs"]>, on = multi): string => {
    const needy: Experiment = { name: "needy", title: "", needs, fault: () => [], expect: () => [] };
    return refusalOf(needy, on) ?? "it can run";
  };

  it("are met by a lab that has them", () => {
    assert.equal(refused({ clusters: 2, zones: 2, eastWest: true, cut: true }), "it can run");
  });

  it("are refused where there is too little of something", () => {
    assert.match(refused({ clusters: 3 }), /needs 3 clusters with workloads in one mesh, as `--stack multi` has them/);
    assert.match(refused({ zones: 3 }), /needs nodes in 3 zones of east/);
  });

  it("are refused with the platform's own reason where it cannot cut networks", () => {
    const unable = sceneOf(fakeLab({ cannotCut: "nobody knows its network" }), nodes);
    assert.equal(
      refused({ cut: true }, unable),
      "The experiment needy cannot run on the stack multi. It needs a network that can be cut: nobody knows its network.",
    );
  });

  it("are refused without a global ingress", () => {
    assert.match(
      refused({ globalIngress: true }),
      /one host for several ingress gateways, as `--stack global-ingress`/,
    );
    assert.equal(refused({ globalIngress: true }, global), "it can run");
  });

  it("are refused without east-west gateways, all at once", () => {
    const lab = fakeLab();
    const without = { ...multi, lab: { ...lab, plan: { ...lab.plan, eastWestGateways: [] } } };
    assert.match(
      refused({ eastWest: true, zones: 4 }, without),
      /nodes in 4 zones of east; and clusters on several networks with east-west gateways/,
    );
  });

  it("are refused without an istiod in each cluster, or with several in one", () => {
    const on = (stack: string) => {
      const lab = fakeLab({}, stack);
      const zones = lab.plan.clusters.map(({ name }) => ({ cluster: name, node: `node-${name}`, zone: `${name}-a` }));
      return sceneOf(lab, zones);
    };
    assert.equal(refused({ istiod: true }), "it can run");
    for (const stack of ["primary-remote", "external-control-plane", "canary"])
      assert.match(refused({ istiod: true }, on(stack)), /an istiod in each cluster, without revisions/, stack);
    assert.match(refused({ clusters: 2 }, on("cluster-tenancy")), /2 clusters with workloads in one mesh/);
    assert.match(refused({}, on("multi-ambient")), /It needs sidecars/);
  });

  it("are each measured by one suite", () => {
    const folder = fileURLToPath(new URL("../../../../local/e2e/", import.meta.url));
    const suites = readdirSync(folder).filter((file) => /^(experiments-.*|global-ingress)\.test\.ts$/.test(file));
    const texts = suites.map((file) => readFileSync(`${folder}${file}`, "utf8"));
    for (const { name } of experiments)
      assert.equal(texts.filter((text) => text.includes(`"${name}"`)).length, 1, name);
  });
});
