import assert from "node:assert/strict";
import * as networking from "@kubernetes-models/istio/networking.istio.io/v1";
import * as security from "@kubernetes-models/istio/security.istio.io/v1";
import type { KubernetesObject } from "../../istio/object.ts";
import { tenantObjects } from "../../istio/tenants.ts";
import type { LabConfig } from "../../topology/schema.ts";
import type { Json } from "../../topology/types.ts";
import { planned } from "./plans.ts";

const classes: Record<string, new (data: never) => { validate(): void }> = { ...networking, ...security };

const teams: LabConfig = {
  model: "single",
  mesh: { cni: true, trustDomain: "lab.example" },
  tenants: [
    {
      name: "blue",
      quota: { pods: "5" },
      callers: [{ name: "red", paths: ["/status/*"] }],
      exportedServices: ["httpbin"],
    },
    { name: "red", limits: { memory: "256Mi" } },
    { name: "green" },
  ],
};

/** All that is made for a tenant in a cluster. */
function objectsOf(config: LabConfig, cluster: string, name: string): KubernetesObject[] {
  const plan = planned(config, cluster);
  const tenant = plan.cluster.tenants.find((each) => each.name === name);
  assert.ok(tenant, `${name} in ${cluster}`);
  const { namespace, bounds, workloads } = tenantObjects(plan.lab, plan.cluster, tenant);
  return [namespace, ...bounds, ...workloads];
}

function found(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const all = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  assert.equal(all.length, 1, `${kind} ${name} once`);
  return all[0] as KubernetesObject;
}

const text = (value: Json | undefined): string => JSON.stringify(value);

describe("a tenant's objects", () => {
  it("are what Istio's schema allows", () => {
    for (const name of ["blue", "red", "green"]) {
      for (const object of objectsOf(teams, "primary", name).filter(({ apiVersion }) => apiVersion.includes("istio"))) {
        const Model = classes[object.kind];
        assert.ok(Model, `no model for ${object.kind}`);
        new Model(object as never).validate();
      }
    }
  });

  it("stand in its namespace alone, but for the policy that the whole cluster asks", () => {
    for (const { kind, metadata } of objectsOf(teams, "primary", "blue")) {
      if (/^(Namespace|ValidatingAdmissionPolicy(Binding)?)$/.test(kind)) continue;
      assert.equal(metadata.namespace, "blue", `${kind} ${metadata.name}`);
    }
  });

  it("let in the declared callers by their identity and path, and otherwise only itself", () => {
    const blue = objectsOf(teams, "primary", "blue");
    assert.deepEqual(found(blue, "AuthorizationPolicy", "default-deny")["spec"], {});
    assert.deepEqual((found(blue, "AuthorizationPolicy", "callers")["spec"] as { rules: Json })["rules"], [
      { from: [{ source: { principals: ["lab.example/ns/blue/*"] } }] },
      { from: [{ source: { principals: ["lab.example/ns/red/*"] } }], to: [{ operation: { paths: ["/status/*"] } }] },
    ]);
    assert.doesNotMatch(
      text(found(objectsOf(teams, "primary", "red"), "AuthorizationPolicy", "callers")["spec"]),
      /blue|green/,
    );
  });

  it("show its exported Services to its callers, the others to itself", () => {
    const known = (name: string, service: string) =>
      found(objectsOf(teams, "primary", name), "Service", service).metadata.annotations?.[
        "networking.istio.io/exportTo"
      ];
    assert.equal(known("blue", "httpbin"), ".,red");
    assert.equal(known("blue", "curl"), ".");
    assert.equal(known("red", "httpbin"), ".");
  });

  it("let proxies hear of those whom they may call, and of nobody else", () => {
    const hosts = (name: string) => text(found(objectsOf(teams, "primary", name), "Sidecar", "default")["spec"]);
    assert.match(hosts("red"), /"blue\/\*"/);
    assert.doesNotMatch(hosts("blue"), /red|green/);
  });

  it("close the network but for names, istiod, callers and those who may be called", () => {
    const red = objectsOf(teams, "primary", "red");
    assert.deepEqual(found(red, "NetworkPolicy", "default-deny")["spec"], {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const egress = text(found(red, "NetworkPolicy", "callees")["spec"]);
    assert.match(egress, /"kubernetes.io\/metadata.name":"blue"/);
    assert.match(egress, /"port":53/);
    assert.match(egress, /"port":15012/);
    assert.doesNotMatch(egress, /green|ipBlock|15443/);
    assert.doesNotMatch(text(found(red, "NetworkPolicy", "callers")["spec"]), /blue|green|ipBlock/);
    const open = { ...teams, tenants: [{ name: "red", networkPolicy: false }] };
    assert.equal(
      objectsOf(open, "primary", "red").some(({ kind }) => kind === "NetworkPolicy"),
      false,
    );
  });

  it("let the other clusters' traffic through the network, where there are such", () => {
    const clusters = [
      { name: "east", region: "us-east-1" },
      { name: "west", region: "us-west-2" },
    ];
    const red = objectsOf({ clusters, tenants: [{ name: "red" }] }, "east", "red");
    assert.match(text(found(red, "NetworkPolicy", "callees")["spec"]), /"port":15443/);
    assert.match(text(found(red, "NetworkPolicy", "callers")["spec"]), /eastwestgateway/);
  });

  it("bind the group of its access entries to a role that cannot write what keeps it apart", () => {
    const blue = objectsOf(teams, "primary", "blue");
    assert.deepEqual(found(blue, "RoleBinding", "tenant")["subjects"], [
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "istio-lab-tenant-blue" },
    ]);
    const rules = found(blue, "Role", "tenant")["rules"] as { resources: string[]; verbs: string[] }[];
    const writable = rules.filter(({ verbs }) => verbs.includes("create")).flatMap(({ resources }) => resources);
    for (const resource of [
      "authorizationpolicies",
      "envoyfilters",
      "gateways",
      "limitranges",
      "networkpolicies",
      "peerauthentications",
      "resourcequotas",
      "rolebindings",
      "roles",
      "sidecars",
    ])
      assert.equal(writable.includes(resource), false, resource);
    assert.doesNotMatch(JSON.stringify(rules), /\*/);
  });

  it("carry quota and limits as written, and open no way from outside", () => {
    const hard = (name: string) =>
      (found(objectsOf(teams, "primary", name), "ResourceQuota", "tenant")["spec"] as { hard: Json }).hard;
    assert.deepEqual(hard("blue"), { pods: "5", "services.loadbalancers": "0", "services.nodeports": "0" });
    assert.match(text(found(objectsOf(teams, "primary", "red"), "LimitRange", "tenant")["spec"]), /"memory":"256Mi"/);
  });

  it("run as the level restricted wants it, where istio-cni makes that possible", () => {
    const level = (config: LabConfig) =>
      found(objectsOf(config, "primary", "blue"), "Namespace", "blue").metadata.labels?.[
        "pod-security.kubernetes.io/enforce"
      ];
    assert.equal(level(teams), "restricted");
    assert.equal(level({ ...teams, mesh: { cni: false } }), "privileged");
  });
});
