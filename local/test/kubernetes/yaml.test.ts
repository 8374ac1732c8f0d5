import assert from "node:assert/strict";
import { decodeYaml } from "../../plugins/kubernetes/yaml/documents.ts";
import { order } from "../../plugins/kubernetes/yaml/order.ts";
import type { Properties } from "../../plugins/host/values.ts";
import type { KubeObject } from "../../plugins/kubernetes/object/object.ts";

function object(apiVersion: string, kind: string, name: string, rest: Properties = {}): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...rest };
}

const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.example.com", {
  spec: { group: "example.com", names: { kind: "Thing" } },
});
const namespace = object("v1", "Namespace", "space");
const thing = { ...object("example.com/v1", "Thing", "t"), metadata: { name: "t", namespace: "space" } };

describe("manifests", () => {
  it("are the documents of a text, without empty ones, with lists taken apart", () => {
    const text =
      "---\n# only a comment\n---\nkind: A\n---\nkind: List\nitems: [{kind: B}, {kind: CList, items: [{kind: C}]}]\n";
    assert.deepEqual(decodeYaml(text), [{ kind: "A" }, { kind: "B" }, { kind: "C" }]);
  });

  it("that are no YAML fail with the place", () => {
    assert.throws(() => decodeYaml("a: [1"), /decoding YAML: .* at line 1/);
  });

  it("put definitions and namespaces first", () => {
    const sorted = order([thing, definition, namespace]);
    assert.deepEqual(
      sorted.map(({ object: { kind }, dependsOn }) => [kind, dependsOn.map((other) => other.kind)]),
      [
        ["CustomResourceDefinition", []],
        ["Namespace", []],
        ["Thing", ["CustomResourceDefinition", "Namespace"]],
      ],
    );
  });

  it("follow the annotation depends-on, and refuse one that leads nowhere or in a circle", () => {
    const first = object("v1", "ConfigMap", "first");
    const on = (name: string) => ({
      ...object("v1", "ConfigMap", "second"),
      metadata: { name: "second", annotations: { "config.kubernetes.io/depends-on": name } },
    });
    const sorted = order([on("/ConfigMap/first"), first]);
    assert.deepEqual(
      sorted.map(({ object: { metadata } }) => metadata.name),
      ["first", "second"],
    );
    assert.throws(() => order([on("/ConfigMap/none")]), /names \/ConfigMap\/none, which is not in the set/);
    const back = {
      ...first,
      metadata: { ...first.metadata, annotations: { "config.kubernetes.io/depends-on": "/ConfigMap/second" } },
    };
    assert.throws(() => order([on("/ConfigMap/first"), back]), /in a circle/);
  });
});
