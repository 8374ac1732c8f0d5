import assert from "node:assert/strict";
import { UNKNOWN } from "../../plugins/host/values.ts";
import { checkInputs } from "../../plugins/kubernetes/object/inputs.ts";
import { handOver, isNeverUpdated } from "../../plugins/kubernetes/object/managed-fields.ts";
import type { Properties } from "../../plugins/host/values.ts";

const kind = { apiVersion: "v1", kind: "Secret" };

function check(news: Properties, olds: Properties = {}, randomSeed = "ab") {
  return checkInputs(news, { kind, name: "logical", randomSeed, olds, defaultNamespace: "default" });
}

describe("kubernetes check", () => {
  it("names an unnamed object after the resource, the same with the same seed", () => {
    const { metadata } = check({});
    assert.match(metadata.name ?? "", /^logical-[0-9a-f]{8}$/);
    assert.equal(metadata.annotations?.["pulumi.com/autonamed"], "true");
    assert.equal(check({}).metadata.name, metadata.name);
    assert.notEqual(check({}, {}, "cd").metadata.name, metadata.name);
  });

  it("keeps an automatic name and gives up a chosen one", () => {
    const olds = check({});
    assert.equal(check({}, olds, "cd").metadata.name, olds.metadata.name);
    assert.notEqual(check({}, { metadata: { name: "chosen" } }).metadata.name, "chosen");
  });

  it("leaves a name and a generateName alone", () => {
    assert.deepEqual(check({ metadata: { name: "mine" } }).metadata, { name: "mine", namespace: "default" });
    assert.equal(check({ metadata: { generateName: "x-" } }).metadata.name, undefined);
    assert.equal(check({ metadata: { name: UNKNOWN } }).metadata.name, UNKNOWN);
  });

  it("fills in kind, apiVersion and namespace and drops null and what only servers set", () => {
    const metadata = { name: "a", uid: "u", resourceVersion: "1", managedFields: [], labels: null };
    assert.deepEqual(check({ apiVersion: "core/v1", metadata, data: null }), {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a", namespace: "default" },
    });
  });

  it("makes base64 data of known stringData and leaves unknown stringData", () => {
    const known = check({ metadata: { name: "a" }, data: { x: "eA==" }, stringData: { y: "yes" } });
    assert.deepEqual(known["data"], { x: "eA==", y: "eWVz" });
    assert.equal(known["stringData"], undefined);
    const unknown = check({ metadata: { name: "a" }, stringData: { y: UNKNOWN } });
    assert.deepEqual(unknown["stringData"], { y: UNKNOWN });
  });

  it("spells the properties of a definition as the server does", () => {
    assert.deepEqual(check({ spec: [{ x_kubernetes_list_type: "map", x_other: 1 }] })["spec"], [
      { "x-kubernetes-list-type": "map", x_other: 1 },
    ]);
  });
});

describe("kubernetes managed fields", () => {
  const post = {
    manager: "pulumi-kubernetes",
    operation: "Update" as const,
    fieldsV1: { "f:a": {}, "f:b": { "f:c": {} } },
  };
  const istiod = { manager: "pilot-discovery", operation: "Update" as const, fieldsV1: { "f:z": {} } };

  it("hands the POST's fields to the apply manager and leaves others alone", () => {
    assert.deepEqual(handOver([post, istiod], "pulumi-kubernetes-1"), [
      istiod,
      { ...post, manager: "pulumi-kubernetes-1", operation: "Apply" },
    ]);
  });

  it("unites them with what the apply manager has", () => {
    const applied = { manager: "m", operation: "Apply" as const, fieldsV1: { "f:b": { "f:d": {} } } };
    const kubectl = { manager: "kubectl-patch", operation: "Update" as const, fieldsV1: { "f:e": {} } };
    const united = { "f:a": {}, "f:b": { "f:c": {}, "f:d": {} }, "f:e": {} };
    assert.deepEqual(handOver([applied, post, kubectl], "m"), [{ ...applied, fieldsV1: united }]);
  });

  it("has nothing to do afterwards, nor for a status", () => {
    const applied = { ...post, manager: "m", operation: "Apply" as const };
    assert.equal(handOver([applied, istiod, { ...post, subresource: "status" }], "m"), undefined);
    assert.ok(isNeverUpdated([post]));
    assert.ok(!isNeverUpdated([applied, istiod]));
  });
});
