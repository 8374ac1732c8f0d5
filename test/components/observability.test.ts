import assert from "node:assert/strict";
import { field } from "../../policy/laws/law.ts";
import { laws } from "../../policy/laws/all.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { primaries, recordConfig } from "./record.ts";

const all = { kiali: true, grafana: true };
const single: LabConfig = { model: "single", observability: all };
const several: LabConfig = { clusters: primaries("east", "west"), observability: { ...all, cluster: "east" } };

const types = {
  secret: "kubernetes:core/v1:Secret",
  release: "kubernetes:helm.sh/v3:Release",
  deployment: "kubernetes:apps/v1:Deployment",
  service: "kubernetes:core/v1:Service",
};

describe("Observability", () => {
  for (const [what, config] of Object.entries({ single, several })) {
    it(`obeys every law (${what})`, async () => {
      const graph = await recordConfig(config);
      for (const [name, law] of Object.entries(laws)) assert.deepEqual(law(graph), [], name);
    });
  }

  it("starts nothing before its namespace is closed", async () => {
    const graph = await recordConfig(several);
    const pods = graph.nodes.filter(
      ({ type, name }) => /-observability-(prometheus|grafana)/.test(name) && type === types.deployment,
    );
    assert.deepEqual(pods.map(({ name }) => name).sort(), [
      "east-observability-grafana",
      "east-observability-prometheus",
      "west-observability-prometheus-agent",
    ]);
    for (const pod of [...pods, graph.named("east-kiali", types.release)]) {
      const cluster = pod.name.slice(0, 4);
      const denied = graph.named(
        `${cluster}-observability-default-deny`,
        "kubernetes:security.istio.io/v1:AuthorizationPolicy",
      );
      assert.ok(graph.dependsTransitively(pod, denied), pod.name);
    }
  });

  it("starts nothing in a remote before its primary has closed the namespace for it", async () => {
    const clusters = [{ name: "east" }, { name: "west", primary: "east", network: "network-west" }];
    const graph = await recordConfig({ clusters, observability: { prometheus: true, cluster: "east" } });
    const agent = graph.named("west-observability-prometheus-agent", types.deployment);
    const denied = graph.named(
      "east-observability-default-deny",
      "kubernetes:security.istio.io/v1:AuthorizationPolicy",
    );
    assert.ok(graph.dependsTransitively(agent, denied));
  });

  it("has a password of its own for Grafana, which is a secret wherever it stands", async () => {
    const graph = await recordConfig(single);
    const password = graph.named("primary-observability-grafana-password");
    const secret = graph.named("primary-observability-grafana", types.secret);
    assert.deepEqual(secret.propertyDeps["stringData"], [password.urn]);
    assert.ok(
      secret.secretInputs.some((path) => path.startsWith("stringData")),
      secret.secretInputs.join(),
    );
    assert.deepEqual(graph.stack.secretOutputs, ["kubeconfigs"], "no output tells it");
    assert.ok(!JSON.stringify(graph.nodes).includes("admin/admin"));
  });

  it("of several clusters has one Kiali, which waits for leave of each other one and mounts it", async () => {
    const graph = await recordConfig(several);
    const releases = graph.byType(types.release).filter(({ inputs }) => inputs["name"] === "kiali");
    assert.deepEqual(releases.map(({ name }) => name).sort(), ["east-kiali", "west-kiali-of-east"]);
    const kiali = graph.named("east-kiali", types.release);
    const secret = graph.named("east-kiali-reads-west", types.secret);
    const token = graph.named("west-kiali-of-east-token", types.secret);
    assert.ok(graph.dependsTransitively(kiali, secret));
    assert.ok(graph.dependsTransitively(secret, token));
    assert.ok(graph.dependsTransitively(token, graph.named("west-kiali-of-east", types.release)));
    assert.deepEqual(Object.keys(field(secret.inputs, "stringData") as object), ["west"]);
    assert.ok(secret.secretInputs.some((path) => path.startsWith("stringData")));
  });

  it("has no address outside, and no load balancer beside those that the mesh has without it", async () => {
    const balancers = async (config: LabConfig) =>
      (await recordConfig(config)).nodes
        .filter(({ type, inputs }) => type === types.service && field(inputs, "spec", "type") !== "ClusterIP")
        .map(({ name }) => name)
        .filter((name) => !/helloworld|curl/.test(name));
    assert.deepEqual(await balancers(several), await balancers({ clusters: primaries("east", "west") }));
  });

  it("is in the outputs of the store's cluster, so that whoever wants to look finds it", async () => {
    const { outputs } = (await recordConfig(several)).stack;
    assert.deepEqual(
      (field(outputs, "clusters", "east", "dashboards") as { name: string; login: string }[]).map(
        ({ name, login }) => `${name} ${login}`,
      ),
      ["grafana password", "kiali none", "prometheus none"],
    );
    assert.equal(field(outputs, "clusters", "west", "dashboards"), undefined);
  });
});
