import assert from "node:assert/strict";
import { diffObject } from "../../plugins/kubernetes/object/compare.ts";
import { compare, pathText, prune, reconcile } from "../../plugins/kubernetes/object/diff.ts";
import { equalQuantities } from "../../plugins/kubernetes/object/quantity.ts";
import type { Properties } from "../../plugins/host/values.ts";
import type { DiffOptions } from "../../plugins/kubernetes/object/compare.ts";

const builtIn = { builtIn: true };

/** Diffs an object whose recorded live state is the old inputs plus what the server added. */
function diff(
  oldInputs: Properties,
  news: Properties,
  options: Partial<DiffOptions & { live: Properties; ignoreChanges: string[] }> = {},
) {
  const { live = oldInputs, ignoreChanges = [], ...rest } = options;
  const subject = { urn: "", type: "", name: "", id: "" };
  const olds = { ...live, __inputs: oldInputs, __fieldManager: "pulumi-kubernetes-12345678" };
  return diffObject(
    { ...subject, olds, oldInputs, news, ignoreChanges },
    {
      namespaced: true,
      defaultNamespace: "default",
      enableSecretMutable: false,
      enableConfigMapMutable: false,
      ...rest,
    },
  );
}

function object(kind: string, rest: Properties, apiVersion = "v1"): Properties {
  return { apiVersion, kind, metadata: { name: "a", namespace: "n" }, ...rest };
}

describe("kubernetes diff", () => {
  it("does not see what the server added", () => {
    const inputs = object("Service", { spec: { ports: [{ port: 80 }] } });
    const live = { ...inputs, spec: { clusterIP: "10.0.0.7", ports: [{ port: 80, protocol: "TCP" }] }, status: {} };
    assert.deepEqual(diff(inputs, inputs, { live }).detailed, {});
    assert.equal(diff(inputs, inputs, { live }).changes, false);
  });

  it("sees drift in a field of the inputs", () => {
    const inputs = object("Service", { spec: { ports: [{ port: 80 }] } });
    const live = { ...inputs, spec: { ports: [{ port: 81 }] } };
    assert.deepEqual(diff(inputs, inputs, { live }).detailed, { "spec.ports[0].port": "update" });
  });

  it("sees additions, deletions and updates at their paths", () => {
    const before = object("Pod", { metadata: { name: "a", labels: { "a.b/c": "1", old: "1" } } });
    const after = object("Pod", { metadata: { name: "a", labels: { "a.b/c": "2", new: "1" } } });
    assert.deepEqual(diff(before, after, { namespaced: false }).detailed, {
      'metadata.labels["a.b/c"]': "update",
      "metadata.labels.old": "delete",
      "metadata.labels.new": "add",
    });
  });

  it("sees a longer and a shorter list", () => {
    assert.deepEqual(compare([1], [1, 2], builtIn), [{ path: [1], kind: "add" }]);
    assert.deepEqual(compare([1, 2], [1], builtIn), [{ path: [1], kind: "delete" }]);
  });

  it("takes the server's spelling of a quantity as the same, only where quantities are", () => {
    const live = { resources: { requests: { cpu: "100m", memory: "1Gi" } }, name: "100m" };
    const inputs = { resources: { requests: { cpu: "0.1", memory: "1024Mi" } }, name: "0.1" };
    assert.deepEqual(compare(live, inputs, builtIn), [{ path: ["name"], kind: "update" }]);
    assert.equal(compare(live, inputs, { builtIn: false }).length, 3);
    assert.ok(equalQuantities("1e3", "1k"));
    assert.ok(!equalQuantities("1", "2"));
    assert.ok(!equalQuantities("one", "one"));
  });

  it("takes empty fields of built-in kinds as absent, which their server drops", () => {
    assert.deepEqual(compare({}, { annotations: {}, list: [], text: "", no: false }, builtIn), []);
    assert.equal(compare({}, { spec: {} }, { builtIn: false }).length, 1);
    assert.deepEqual(compare({}, { spec: null }, { builtIn: false }), []);
    assert.equal(compare({ hostNetwork: true }, { hostNetwork: false }, builtIn).length, 1);
  });

  it("replaces when the identity changes", () => {
    const renamed = { ...object("Pod", {}), metadata: { name: "b", namespace: "n" } };
    const moved = { ...object("Pod", {}), metadata: { name: "a", namespace: "m" } };
    assert.deepEqual(diff(object("Pod", {}), renamed).replaces, ["metadata.name"]);
    assert.deepEqual(diff(object("Pod", {}), moved).replaces, ["metadata.namespace"]);
    assert.equal(diff(object("Pod", {}), moved).deleteBeforeReplace, false);
  });

  for (const [kind, option] of [
    ["Secret", "enableSecretMutable"],
    ["ConfigMap", "enableConfigMapMutable"],
  ] as const) {
    it(`replaces a ${kind} whose data changes, deleting first, unless ${option}`, () => {
      const [before, after] = [object(kind, { data: { k: "1" } }), object(kind, { data: { k: "2" } })];
      const immutable = diff(before, after);
      assert.deepEqual(immutable.detailed, { "data.k": "update-replace" });
      assert.equal(immutable.deleteBeforeReplace, true);
      const mutable = diff(before, after, { [option]: true });
      assert.deepEqual(mutable.detailed, { "data.k": "update" });
      assert.deepEqual(mutable.replaces, []);
      const other = option === "enableSecretMutable" ? "enableConfigMapMutable" : "enableSecretMutable";
      assert.deepEqual(diff(before, after, { [other]: true }).replaces, ["data.k"]);
    });
  }

  it("a mutable Secret's type still replaces it", () => {
    const [before, after] = [object("Secret", { type: "Opaque" }), object("Secret", { type: "x/y" })];
    assert.deepEqual(diff(before, after, { enableSecretMutable: true }).replaces, ["type"]);
  });

  it("replaces a Deployment whose selector changes and updates one whose image does", () => {
    const deployment = (app: string, image: string) =>
      object(
        "Deployment",
        {
          spec: { selector: { matchLabels: { app } }, template: { spec: { containers: [{ name: "c", image }] } } },
        },
        "apps/v1",
      );
    assert.deepEqual(diff(deployment("a", "1"), deployment("b", "1")).replaces, ["spec.selector.matchLabels.app"]);
    assert.deepEqual(diff(deployment("a", "1"), deployment("a", "2")).detailed, {
      "spec.template.spec.containers[0].image": "update",
    });
  });

  it("deletes an autonamed object last, because its replacement has another name", () => {
    const named = (value: string) => ({
      ...object("ConfigMap", { data: { k: value } }),
      metadata: { name: "a", namespace: "n", annotations: { "pulumi.com/autonamed": "true" } },
    });
    assert.equal(diff(named("1"), named("2")).deleteBeforeReplace, false);
  });

  it("forgets a namespace that was assumed for a kind without namespaces", () => {
    const assumed = { ...object("GatewayClass", {}), metadata: { name: "a", namespace: "default" } };
    const live = { ...assumed, metadata: { name: "a" } };
    const news = { ...assumed, metadata: { name: "a" } };
    assert.equal(diff(assumed, news, { live, namespaced: false }).changes, false);
    assert.equal(diff(assumed, news, { live, namespaced: true }).changes, false);
  });

  it("leaves out ignored paths and what is below them, and nothing beside them", () => {
    const [before, after] = [object("Pod", { spec: { a: 1, ab: 1 } }), object("Pod", { spec: { a: 2, ab: 2 } })];
    assert.deepEqual(Object.keys(diff(before, after, { ignoreChanges: ["spec.a"] }).detailed ?? {}), ["spec.ab"]);
    assert.equal(diff(before, after, { ignoreChanges: ["spec"] }).changes, false);
  });
});

describe("kubernetes prune and reconcile", () => {
  it("prune keeps what the inputs name, by position in lists", () => {
    assert.deepEqual(prune({ a: [{ x: 1, y: 2 }, { x: 3 }], b: 1 }, { a: [{ x: 0 }] }), { a: [{ x: 1 }] });
  });

  it("reconcile keeps the program's spelling and takes over drift", () => {
    const live = { a: [{ requests: { cpu: "100m", memory: "2Gi" } }] };
    const inputs = { a: [{ requests: { cpu: "0.1", memory: "1Gi" } }], annotations: {} };
    assert.deepEqual(reconcile(live, inputs, builtIn), {
      a: [{ requests: { cpu: "0.1", memory: "2Gi" } }],
      annotations: {},
    });
  });

  it("reconcile drops what the server lost", () => {
    assert.deepEqual(reconcile({ data: { a: "1" } }, { data: { a: "1", b: "2" } }, builtIn), { data: { a: "1" } });
  });

  it("writes paths as the engine reads them", () => {
    assert.equal(pathText(["a", 0, "b-c", 'q"x', "d.e"]), 'a[0].b-c["q\\"x"]["d.e"]');
  });
});
