import assert from "node:assert/strict";
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { field, releaseType } from "../../policy/laws/law.ts";
import { primaries, recordConfig } from "./record.ts";

const releases = (graph: ResourceGraph): Record<string, ResourceNode> =>
  Object.fromEntries(graph.byType(releaseType).map((node) => [node.inputs["name"] as string, node]));

describe("the mesh's trust", () => {
  it("is one root, and an intermediate per cluster that it signs", async () => {
    const graph = await recordConfig({ clusters: primaries("east", "west") });
    const [root, ...others] = graph.byType("tls:index/selfSignedCert:SelfSignedCert");
    assert.ok(root);
    assert.deepEqual(others, []);
    const intermediates = graph.byType("tls:index/locallySignedCert:LocallySignedCert");
    assert.equal(intermediates.length, 2);
    for (const { propertyDeps } of intermediates) assert.ok(propertyDeps["caCertPem"]?.includes(root.urn));
  });

  it("uses a curve and words that Istio and the provider know, and a subject per authority", async () => {
    const graph = await recordConfig({ clusters: primaries("east", "west") });
    const uses = ["cert_signing", "crl_signing", "digital_signature", "key_encipherment"];
    const authorities = graph.nodes.filter(({ inputs }) => inputs["isCaCertificate"] === true);
    assert.equal(authorities.length, 3);
    for (const { inputs } of authorities) assert.deepEqual(inputs["allowedUses"], uses);
    for (const { inputs } of graph.byType("tls:index/privateKey:PrivateKey")) {
      assert.deepEqual([inputs["algorithm"], inputs["ecdsaCurve"]], ["ECDSA", "P256"]);
    }
    const subjects = graph.nodes.flatMap(({ inputs }) => field(inputs["subject"], "commonName") ?? []);
    assert.equal(new Set(subjects).size, 3);
  });

  it("is there for a single cluster too, so that another may join", async () => {
    const graph = await recordConfig({ model: "single" });
    const secret = graph.named("primary-istio-cacerts", "kubernetes:core/v1:Secret");
    assert.equal(field(secret.inputs, "metadata", "name"), "cacerts");
    assert.deepEqual(Object.keys(secret.inputs["stringData"] as object).sort(), [
      "ca-cert.pem",
      "ca-key.pem",
      "cert-chain.pem",
      "root-cert.pem",
    ]);
  });
});

describe("the control plane", () => {
  it("has one version: another one changes Istio's charts and nothing else", async () => {
    const [before, after] = await Promise.all(
      ["1.31.0", "1.31.1"].map((version) => recordConfig({ clusters: primaries("east", "west"), mesh: { version } })),
    );
    assert.ok(before && after);
    const changed = after.nodes.filter(
      (node) => node.custom && JSON.stringify(node.inputs) !== JSON.stringify(before.get(node.urn).inputs),
    );
    assert.deepEqual(
      changed.map(({ urn }) => urn),
      after
        .byType(releaseType)
        .filter(({ inputs }) => inputs["name"] !== "aws-load-balancer-controller")
        .map(({ urn }) => urn),
    );
    for (const { inputs } of changed) assert.equal(inputs["version"], "1.31.1");
  });

  it("is told in the outputs of each cluster, by which stale proxies are known", async () => {
    const graph = await recordConfig({ model: "single", mesh: { version: "1.31.1" } });
    const controlPlanes = field(graph.stack.outputs, "clusters", "primary", "controlPlanes");
    assert.deepEqual(controlPlanes, [{ revision: "default", version: "1.31.1" }]);
  });

  it("may be two at once: each istiod of its own version, definitions and node agent of the newer, gateways of the tag's", async () => {
    const revisions = { stable: "1.31.0", canary: "1.31.1" };
    const graph = await recordConfig({ model: "single", mesh: { cni: true, revisions } });
    const versions = graph
      .byType(releaseType)
      .filter(({ inputs }) => inputs["name"] !== "aws-load-balancer-controller")
      .map(({ inputs }) => `${inputs["name"] as string} ${inputs["version"] as string}`);
    assert.deepEqual(versions.sort(), [
      "istio-base 1.31.1",
      "istio-cni 1.31.1",
      "istio-ingressgateway 1.31.0",
      "istiod-1-31-0 1.31.0",
      "istiod-1-31-1 1.31.1",
    ]);
    assert.deepEqual(field(graph.stack.outputs, "clusters", "primary", "controlPlanes"), [
      { revision: "1-31-0", version: "1.31.0", tag: "stable" },
      { revision: "1-31-1", version: "1.31.1", tag: "canary" },
    ]);
  });

  it("is upgraded in order: definitions, node agent, istiod, gateways", async () => {
    const graph = await recordConfig({ model: "single", mesh: { cni: true } });
    const all = releases(graph);
    const order = ["istio-base", "istio-cni", "istiod", "istio-ingressgateway"];
    for (const [index, name] of order.entries()) {
      const [later, earlier] = [all[name], all[order[index - 1] ?? ""]];
      assert.ok(later, name);
      if (earlier !== undefined) assert.ok(graph.dependsTransitively(later, earlier), name);
    }
  });

  it("takes its charts from where the stack file says", async () => {
    const graph = await recordConfig({
      model: "single",
      artifacts: { istioCharts: "/charts", istioImages: "registry.test/istio" },
    });
    const { istiod } = releases(graph);
    assert.equal(istiod?.inputs["chart"], "/charts/istiod");
    assert.equal(istiod.inputs["repositoryOpts"], undefined);
    assert.equal(field(istiod.inputs["values"], "global", "hub"), "registry.test/istio");
  });
});

describe("remote secrets", () => {
  it("go from every cluster to every other, in the cluster that reads", async () => {
    const graph = await recordConfig({ clusters: primaries("east", "west", "north") });
    const secrets = graph.byType("istio-lab:mesh:RemoteSecret").map(({ name }) => name);
    assert.deepEqual(secrets.sort(), [
      "east-reads-north",
      "east-reads-west",
      "north-reads-east",
      "north-reads-west",
      "west-reads-east",
      "west-reads-north",
    ]);
    const secret = graph.named("east-reads-west", "kubernetes:core/v1:Secret");
    assert.equal(secret.provider, graph.named("east-k8s").urn);
    assert.deepEqual(Object.keys(secret.inputs["stringData"] as object), ["west"]);
    assert.ok(graph.dependsTransitively(secret, graph.named("west", "eks:index:Cluster")));
  });

  it("are not there for a single cluster, nor is a token for them", async () => {
    const graph = await recordConfig({ model: "single" });
    assert.deepEqual(graph.byType("istio-lab:mesh:RemoteSecret"), []);
    assert.deepEqual(graph.byType("istio-lab:mesh:Reader"), []);
  });
});

describe("gateways", () => {
  it("have the Service of the plan, and no other", async () => {
    const graph = await recordConfig({ model: "single", gateways: { egress: true } });
    const ingress = graph.named("primary-ingress", "kubernetes:core/v1:Service").inputs;
    assert.equal(field(ingress, "spec", "type"), "LoadBalancer");
    assert.equal(field(ingress, "spec", "loadBalancerClass"), "service.k8s.aws/nlb");
    assert.equal(
      field(graph.named("primary-egress", "kubernetes:core/v1:Service").inputs, "spec", "type"),
      "ClusterIP",
    );
    for (const name of ["primary-ingress", "primary-egress"]) {
      assert.equal(field(graph.named(name, releaseType).inputs["values"], "service", "type"), "None");
    }
  });

  it("let in only the sources that are named", async () => {
    const graph = await recordConfig({ model: "single", ingress: { sourceRanges: ["198.51.100.0/24"] } });
    const ingress = graph.named("primary-ingress", "kubernetes:core/v1:Service").inputs;
    assert.deepEqual(field(ingress, "spec", "loadBalancerSourceRanges"), ["198.51.100.0/24"]);
  });
});

describe("a further cluster", () => {
  it("changes nothing about the others but whom they read", async () => {
    const before = await recordConfig({ clusters: primaries("east", "west"), samples: ["curl"] });
    const after = await recordConfig({ clusters: primaries("east", "west", "north"), samples: ["curl"] });
    const changed = before.nodes.filter(
      ({ urn, inputs }) => JSON.stringify(after.find(urn)?.inputs) !== JSON.stringify(inputs),
    );
    assert.deepEqual(
      changed.map(({ type, name }) => `${type} ${name}`),
      [],
    );
  });
});
