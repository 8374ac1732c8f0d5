import assert from "node:assert/strict";
import { InitFailed } from "../../plugins/host/provider.ts";
import { UNKNOWN } from "../../plugins/host/values.ts";
import { pluck } from "../../plugins/kubernetes/object/object.ts";
import { hasBinaries, startControlPlane, until } from "./control-plane.ts";
import { Driver } from "./driver.ts";
import type { Properties } from "../../plugins/host/values.ts";
import type { ControlPlane } from "./control-plane.ts";

const types = {
  configMap: "kubernetes:core/v1:ConfigMap",
  crd: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  deployment: "kubernetes:apps/v1:Deployment",
  namespace: "kubernetes:core/v1:Namespace",
  secret: "kubernetes:core/v1:Secret",
  service: "kubernetes:core/v1:Service",
  thing: "kubernetes:example.com/v1:Thing",
};

function named(name: string, rest: Properties = {}): Properties {
  return { metadata: { name }, ...rest };
}

function thing(name: string, size: unknown): Properties {
  return { apiVersion: "example.com/v1", kind: "Thing", metadata: { name }, spec: { size } };
}

const schema = {
  openAPIV3Schema: {
    type: "object",
    properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
  },
};
const definition = named("things.example.com", {
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" },
    versions: [{ name: "v1", served: true, storage: true, schema }],
  },
});

function deployment(name: string, labels: Properties = {}): Properties {
  const app = { app: name };
  const container = { name: "c", image: "nginx", resources: { requests: { cpu: "0.1" } } };
  return named(name, {
    spec: {
      replicas: 1,
      selector: { matchLabels: app },
      template: { metadata: { labels: { ...app, ...labels } }, spec: { containers: [container] } },
    },
  });
}

describe("kubernetes objects on a real API server", function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  const running: ControlPlane[] = [];
  let driver: Driver;
  /** An object of a kind that never appears: begun first, because it takes half a minute. */
  let hopeless: Promise<{ error: unknown; seconds: number }>;
  before(async function () {
    if (!hasBinaries()) this.skip();
    plane = await startControlPlane();
    running.push(plane);
    plane.runPods();
    driver = await Driver.configured(plane.kubeconfig, { enableSecretMutable: "true" });
    await until("the default service account", async () => {
      await plane.cluster.request("GET", "/api/v1/namespaces/default/serviceaccounts/default");
      return true;
    });
    const kindless = { apiVersion: "no.such/v1", kind: "Thing", metadata: { name: "k" } };
    const start = Date.now();
    hopeless = driver.create("kubernetes:no.such/v1:Thing", "k", kindless).then(
      () => assert.fail("created"),
      (error: unknown) => ({ error, seconds: (Date.now() - start) / 1000 }),
    );
  });
  after(() => Promise.all(running.map((one) => one.stop())));

  /** Somebody else changes an object. */
  function patch(path: string, body: Properties, fieldManager = "somebody"): Promise<unknown> {
    const contentType = "application/merge-patch+json";
    return plane.cluster.request("PATCH", path, { body, contentType, query: { fieldManager } });
  }

  it("creates, reads without a difference, updates in place and deletes", async () => {
    const made = await driver.create(types.secret, "s", named("s", { stringData: { a: "1" } }));
    assert.equal(made.id, "default/s");
    assert.equal(pluck(made.outputs, "data", "a"), "MQ==");
    const read = await driver.read(made);
    assert.deepEqual(read?.inputs, made.inputs);

    const news = named("s", { stringData: { a: "2" } });
    assert.deepEqual((await driver.diff(made, news)).detailed, { "data.a": "update" });
    assert.equal(pluck((await driver.update(made, news, { preview: true })).outputs, "data", "a"), "Mg==");
    assert.equal(pluck((await driver.read(made))?.properties, "data", "a"), "MQ==");
    const updated = await driver.update(made, news);
    assert.equal(pluck((await driver.read(updated))?.properties, "data", "a"), "Mg==");
    assert.equal((await driver.diff(updated, news)).changes, false);

    await driver.delete(updated);
    assert.equal(await driver.read(updated), undefined);
    await driver.delete(updated);
  });

  it("refuses what exists already, also a field that does not exist; a preview sees only the latter", async () => {
    const made = await driver.create(types.configMap, "twice", named("twice", { data: { a: "1" } }));
    await assert.rejects(driver.create(types.configMap, "twice", named("twice")), /configmaps "twice" already exists/);
    await driver.preview(types.configMap, "twice", named("twice"));
    const misspelt = named("misspelt", { spec: { prots: [{ port: 80 }] } });
    await assert.rejects(driver.preview(types.service, "m", misspelt), /unknown field "spec.prots"/);
    await assert.rejects(driver.create(types.service, "m", misspelt), /unknown field "spec.prots"/);

    const upserting = await Driver.configured(plane.kubeconfig, { upsertExistingObjects: "true" });
    const taken = await upserting.create(types.configMap, "twice", named("twice", { data: { b: "2" } }));
    assert.deepEqual(taken.outputs["data"], { a: "1", b: "2" });
    await driver.delete(made);
  });

  it("previews what is unknown, or of no kind or namespace yet, without a request that fails", async () => {
    const unknown = await driver.preview(types.configMap, "u", named("u", { data: { a: UNKNOWN } }));
    assert.equal(pluck(unknown, "data", "a"), UNKNOWN);
    const homeless = await driver.preview(types.configMap, "h", { metadata: { name: "h", namespace: "nowhere" } });
    assert.equal(pluck(homeless, "metadata", "uid"), undefined);
    const kindless = { apiVersion: "no.such/v1", kind: "Thing", metadata: { name: "k" } };
    const early = await driver.preview("kubernetes:no.such/v1:Thing", "k", kindless);
    assert.equal(pluck(early, "metadata", "namespace"), "default");
  });

  it("waits for a definition, and for a kind that appears meanwhile", async () => {
    const early = driver.create(types.thing, "early", thing("early", 1));
    const crd = await driver.create(types.crd, "crd", definition);
    const made = await early;
    assert.equal(pluck(made.outputs, "spec", "size"), 1);
    assert.equal((await driver.diff(crd, definition)).changes, false);
    await assert.rejects(driver.preview(types.thing, "bad", thing("bad", "large")), /spec.size: Invalid value/);

    // A definition is replaced as a whole: a field that was taken out is gone.
    const wider = structuredClone(definition) as typeof definition & { spec: { names: Properties } };
    wider.spec.names["shortNames"] = ["th"];
    const widened = await driver.update(crd, wider);
    assert.deepEqual(pluck(widened.outputs, "spec", "names", "shortNames"), ["th"]);
    const narrowed = await driver.update(widened, definition);
    assert.equal(pluck(narrowed.outputs, "spec", "names", "shortNames"), undefined);

    await driver.delete(crd);
    assert.equal(await driver.read(made), undefined);
    await driver.delete(made);
  });

  it("waits for a Deployment and its Service", async () => {
    const web = await driver.create(types.deployment, "web", deployment("web"));
    assert.equal(pluck(web.outputs, "status", "readyReplicas"), 1);
    assert.equal((await driver.diff(web, deployment("web"))).changes, false);
    const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
    const service = await driver.create(types.service, "web", named("web", { spec }));
    assert.match(String(pluck(service.outputs, "spec", "clusterIP")), /^10\./);
    await driver.delete(service);
    await driver.delete(web);
  });

  it("keeps what did not become ready, and updates it", async () => {
    const stuck = deployment("stuck", { "test/stuck": "yes" });
    const failure = await driver.create(types.deployment, "stuck", stuck, 2).then(
      () => assert.fail("created"),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof InitFailed);
    assert.equal(failure.id, "default/stuck");
    assert.match(
      failure.reasons[0] ?? "",
      /default\/stuck was successfully created, .*'stuck' timed out waiting to be Ready/,
    );
    assert.ok(failure.reasons.includes("Minimum number of live Pods was not attained"));

    const kept = {
      type: types.deployment,
      name: "stuck",
      id: failure.id,
      inputs: failure.inputs,
      outputs: failure.properties,
    };
    await assert.rejects(driver.read(kept), InitFailed);
    const skipping = await driver.create(types.deployment, "skipped", {
      ...stuck,
      metadata: { name: "skipped", annotations: { "pulumi.com/skipAwait": "true" } },
    });
    await driver.update(kept, deployment("stuck"));
    await driver.delete(kept);
    await driver.delete(skipping);
  });

  it("waits for a load balancer's address", async () => {
    const spec = { type: "LoadBalancer", ports: [{ port: 80 }], loadBalancerClass: "example.com/lb" };
    const creating = driver.create(types.service, "lb", named("lb", { spec }));
    const path = "/api/v1/namespaces/default/services/lb";
    await until("the Service exists", async () => Boolean(await plane.cluster.request("GET", path)));
    await patch(`${path}/status`, { status: { loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } } });
    const made = await creating;
    const [ingress] = pluck(made.outputs, "status", "loadBalancer", "ingress") as Properties[];
    assert.equal(ingress?.["hostname"], "lb.example.com");
    await driver.delete(made);
  });

  it("waits for a token's data", async () => {
    const account = await driver.create("kubernetes:core/v1:ServiceAccount", "reader", named("reader"));
    const annotations = { "kubernetes.io/service-account.name": "reader" };
    const type = "kubernetes.io/service-account-token";
    const token = await driver.create(types.secret, "token", { metadata: { name: "token", annotations }, type });
    assert.ok(pluck(token.outputs, "data", "token"));
    assert.equal((await driver.diff(token, { metadata: { name: "token", annotations }, type })).changes, false);
    await driver.delete(token);
    await driver.delete(account);
  });

  it("sees drift after a read, and does not overwrite somebody else's field", async () => {
    const made = await driver.create(types.configMap, "drift", named("drift", { data: { a: "1" } }));
    const once = await driver.update(made, named("drift", { data: { a: "2" } }));
    await patch("/api/v1/namespaces/default/configmaps/drift", { data: { a: "theirs", b: "theirs" } });
    const read = await driver.read(once);
    assert.deepEqual(pluck(read?.inputs, "data"), { a: "theirs" });
    const drifted = { ...once, outputs: read?.properties ?? {} };
    const news = named("drift", { data: { a: "2" } });
    assert.deepEqual((await driver.diff(drifted, news)).detailed, { "data.a": "update-replace" });
    await assert.rejects(driver.update(drifted, news, { preview: true }), /Apply failed with 1 conflict/);
    const failure = await driver.update(drifted, news).catch((error: unknown) => error);
    assert.ok(failure instanceof InitFailed);
    assert.match(failure.reasons.join(), /Server-Side Apply field conflict detected.*conflict with "somebody"/);
    assert.deepEqual(pluck(failure.properties, "data"), { a: "theirs", b: "theirs" });
    await driver.delete(made);
  });

  it("overwrites what kubectl patched, as the real provider does", async () => {
    const made = await driver.create(types.configMap, "kubectl", named("kubectl", { data: { a: "1" } }));
    await patch("/api/v1/namespaces/default/configmaps/kubectl", { data: { a: "theirs" } }, "kubectl-patch");
    const updated = await driver.update(made, named("kubectl", { data: { a: "2" } }));
    assert.deepEqual(updated.outputs["data"], { a: "2" });
    await driver.delete(made);
  });

  it("removes a field that the inputs no longer have", async () => {
    const made = await driver.create(types.configMap, "less", named("less", { data: { a: "1", b: "1" } }));
    const updated = await driver.update(made, named("less", { data: { a: "1" } }));
    assert.deepEqual(updated.outputs["data"], { a: "1" });
    await driver.delete(made);
  });

  it("waits until a finalizer lets an object go, and names it when it does not", async () => {
    const metadata = { name: "held", finalizers: ["example.com/hold"] };
    const held = await driver.create(types.configMap, "held", { metadata });
    await assert.rejects(
      driver.delete(held, 1),
      /'default\/held' timed out waiting to be Deleted: .*finalizers: .*example.com\/hold/,
    );
    const deleting = driver.delete(held);
    await patch("/api/v1/namespaces/default/configmaps/held", { metadata: { finalizers: null } });
    await deleting;
    assert.equal(await driver.read(held), undefined);
  });

  it("a cluster that does not answer fails everything but a preview", async () => {
    const nowhere = await Driver.configured(plane.kubeconfig.replace(/https:\/\/127.0.0.1:\d+/, "https://127.0.0.1:1"));
    await nowhere.preview(types.configMap, "x", named("x"));
    await assert.rejects(
      nowhere.create(types.configMap, "x", named("x")),
      /configured Kubernetes cluster is unreachable/,
    );
  });

  it("gives up a kind that never appears, after 31 s", async () => {
    const { error, seconds } = await hopeless;
    assert.match(String(error), /Verify that any required CRDs have been created: no matches for kind "Thing"/);
    assert.ok(seconds > 30 && seconds < 60, String(seconds));
  });
});
