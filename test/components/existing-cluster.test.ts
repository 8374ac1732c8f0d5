import assert from "node:assert/strict";
import type { LabConfig } from "../../topology/schema.ts";
import { field, isAws, releaseType } from "../../policy/laws/law.ts";
import { recordConfig } from "./record.ts";

const cluster = (name: string, address: string) => ({
  name,
  context: `kind-${name}`,
  apiServer: `https://${address}:6443`,
});

const kind = (settings: LabConfig = {}): LabConfig => ({
  platform: "existing",
  clusters: [cluster("east", "172.18.0.2"), cluster("west", "172.18.0.3")],
  ...settings,
});

const balanced: LabConfig = {
  gateways: { service: { loadBalancerClass: "cloud-provider-kind" } },
  ingress: { sourceRanges: ["198.51.100.0/24"] },
};

const serviceType = "kubernetes:core/v1:Service";

describe("a cluster that exists already", () => {
  it("asks AWS for nothing, not even a provider, and is deleted object by object", async () => {
    const graph = await recordConfig(kind());
    assert.deepEqual(
      graph.nodes.filter((node) => isAws(node) || node.type === "pulumi:providers:aws").map(({ urn }) => urn),
      [],
    );
    assert.deepEqual(
      graph.nodes.filter(({ options }) => options.deletedWith !== undefined).map(({ urn }) => urn),
      [],
    );
    const eks = await recordConfig({ model: "single" });
    assert.ok(eks.nodes.some((node) => isAws(node)) && eks.nodes.some(({ options }) => options.deletedWith));
  });

  it("is reached through its own context of the file that the stack names, which the provider reads", async () => {
    const graph = await recordConfig(kind({ kubeconfig: "./kubeconfig" }));
    const { inputs } = graph.named("west-k8s");
    assert.deepEqual([inputs["kubeconfig"], inputs["context"]], ["./kubeconfig", "kind-west"]);
    const byDefault = await recordConfig(kind());
    assert.equal(byDefault.named("west-k8s").inputs["kubeconfig"], "~/.kube/config");
  });

  it("gets nothing before its namespace istio-system, so that one of somebody else's stops it all", async () => {
    const graph = await recordConfig(kind({ samples: ["helloworld"] }));
    for (const name of ["east", "west"]) {
      const system = graph.named(`${name}-istio`, "kubernetes:core/v1:Namespace");
      const objects = graph
        .subtreeOf(graph.named(name, "istio-lab:mesh:MeshCluster"))
        .filter(({ type, urn }) => type.startsWith("kubernetes:") && urn !== system.urn);
      assert.ok(objects.length > 10);
      for (const object of objects) assert.ok(graph.dependsTransitively(object, system), object.urn);
    }
  });

  it("is read by others at the address that they see", async () => {
    const graph = await recordConfig(kind());
    const { inputs } = graph.named("east-reads-west", "kubernetes:core/v1:Secret");
    const kubeconfig = JSON.parse(field(inputs, "stringData", "west") as string) as { clusters: { cluster: object }[] };
    assert.equal(field(kubeconfig.clusters[0], "cluster", "server"), "https://172.18.0.3:6443");
  });

  it("has its gateways at ports of its nodes, and tells every istiod where those of each network are", async () => {
    const graph = await recordConfig(kind());
    const { inputs } = graph.named("west-east-west", serviceType);
    assert.equal(field(inputs, "spec", "type"), "NodePort");
    const ports = field(inputs, "spec", "ports") as { port: number; nodePort: number }[];
    assert.deepEqual(
      ports.map(({ port, nodePort }) => [port, nodePort]),
      [[15443, 31443]],
    );
    const gateway = (address: string) => ({ address, port: 31443 });
    for (const istiod of graph.byType(releaseType).filter(({ inputs: { name } }) => name === "istiod")) {
      assert.deepEqual(field(istiod.inputs, "values", "global", "meshNetworks"), {
        "network-east": { endpoints: [{ fromRegistry: "east" }], gateways: [gateway("172.18.0.2")] },
        "network-west": { endpoints: [{ fromRegistry: "west" }], gateways: [gateway("172.18.0.3")] },
      });
    }
    const { clusters } = graph.stack.outputs as { clusters: Record<string, Record<string, string>> };
    assert.equal(clusters["west"]?.["ingressHostname"], "172.18.0.3:30080");
  });

  it("or behind a load balancer of the class that is named, closed to whom its source ranges leave out", async () => {
    const graph = await recordConfig(kind(balanced));
    const { inputs } = graph.named("west-ingress", serviceType);
    assert.equal(field(inputs, "spec", "type"), "LoadBalancer");
    assert.equal(field(inputs, "spec", "loadBalancerClass"), "cloud-provider-kind");
    assert.deepEqual(field(inputs, "spec", "loadBalancerSourceRanges"), ["198.51.100.0/24"]);
    assert.equal(field(inputs, "metadata", "annotations"), undefined);
    const [istiod] = graph.byType(releaseType).filter(({ inputs: { name } }) => name === "istiod");
    assert.equal(field(istiod?.inputs, "values", "global", "meshNetworks"), undefined);
  });

  it("fails over by region only where its region is said", async () => {
    const failover = async (config: LabConfig) => {
      const graph = await recordConfig({ ...config, samples: ["helloworld"] });
      const rule = graph.byType("kubernetes:networking.istio.io/v1:DestinationRule")[0];
      return field(rule?.inputs, "spec", "trafficPolicy", "loadBalancer", "localityLbSetting", "failover");
    };
    const placed = kind().clusters?.map((each, index) => ({ ...each, region: ["here", "there"][index] ?? "" }));
    assert.equal(await failover(kind()), undefined);
    assert.deepEqual(await failover(kind({ clusters: placed })), [
      { from: "here", to: "there" },
      { from: "there", to: "here" },
    ]);
  });
});
