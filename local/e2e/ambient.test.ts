/**
 * Ambient's charts and objects before real API servers. No traffic runs here: ztunnel is a Rust program, which the local
 * cloud has no means to build, so its DaemonSet stands on paper like every other workload.
 */
import assert from "node:assert/strict";
import { PaperClusters } from "./paper.ts";

interface Labelled {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}
interface GatewayObject extends Labelled {
  readonly spec: { readonly gatewayClassName: string };
}
interface DaemonSet {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: { readonly env: { name: string; value?: string }[] }[] };
    };
  };
}

const gateways = "/apis/gateway.networking.k8s.io/v1";

const stacks = [
  {
    stack: "single-ambient",
    clusters: ["primary"],
    sample: "bookinfo",
    service: "reviews",
    keys: { model: undefined, region: undefined },
  },
  {
    stack: "multi-ambient",
    clusters: ["east", "west"],
    sample: "helloworld",
    service: "helloworld",
    // Nobody plays the load balancer that an ingress gateway would wait for.
    keys: { gateways: { ingress: false, service: { type: "LoadBalancer" } } },
  },
] as const;

for (const { stack, clusters, sample, service, keys } of stacks) {
  describe(`[full] ${stack}, on API servers without nodes: accepted, no traffic ran`, function () {
    this.timeout(1_200_000);
    const paper = new PaperClusters();
    let file = "";

    before(async () => {
      await paper.start(clusters);
      file = await paper.stackFile(stack, keys);
    });
    after(() => paper.stop());

    it("takes every chart and every object, each field of which it knows", async () => {
      await paper.pulumi("stack", "init", stack);
      await paper.pulumi("up", "--yes", "--stack", stack, "--config-file", file);
      await paper.pulumi("up", "--yes", "--expect-no-changes", "--stack", stack, "--config-file", file);
    });

    it("has a ztunnel that knows its cluster and network, and istio-cni beside it", async () => {
      for (const cluster of clusters) {
        const path = "/apis/apps/v1/namespaces/istio-system/daemonsets";
        const { spec } = await paper.get<DaemonSet>(cluster, `${path}/ztunnel`);
        const env = Object.fromEntries(
          spec.template.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? [],
        );
        assert.equal(env["ISTIO_META_CLUSTER_ID"], cluster);
        assert.equal(env["NETWORK"], `network-${cluster}`);
        await paper.get(cluster, `${path}/istio-cni-node`);
      }
    });

    it("has the workloads in ambient, without sidecars, behind a waypoint", async () => {
      for (const cluster of clusters) {
        const namespace = await paper.get<Labelled>(cluster, `/api/v1/namespaces/${sample}`);
        assert.equal(namespace.metadata.labels["istio.io/dataplane-mode"], "ambient");
        assert.equal(namespace.metadata.labels["istio-injection"], undefined);
        const { metadata } = await paper.get<Labelled>(cluster, `/api/v1/namespaces/${sample}/services/${service}`);
        const waypoint = metadata.labels["istio.io/use-waypoint"] ?? "";
        const { spec } = await paper.get<GatewayObject>(
          cluster,
          `${gateways}/namespaces/${sample}/gateways/${waypoint}`,
        );
        assert.equal(spec.gatewayClassName, "istio-waypoint");
        assert.equal(metadata.labels["istio.io/global"], clusters.length > 1 ? "true" : undefined);
      }
    });

    it("has an east-west gateway in each of several networks", async () => {
      for (const cluster of clusters) {
        const { items } = await paper.get<{ items: GatewayObject[] }>(
          cluster,
          `${gateways}/namespaces/istio-system/gateways`,
        );
        const found = items.map(({ metadata, spec }) => [
          spec.gatewayClassName,
          metadata.labels["topology.istio.io/network"],
        ]);
        assert.deepEqual(found, clusters.length > 1 ? [["istio-east-west", `network-${cluster}`]] : []);
      }
    });

    it("control: an API server refuses a Gateway with a field that it does not know", async () => {
      const body = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: { name: "wrong" },
        spec: { gatewayClassName: "istio-waypoint", listenrs: [] },
      };
      const path = `${gateways}/namespaces/default/gateways?fieldValidation=Strict`;
      await assert.rejects(paper.plane(clusters[0]).cluster.request("POST", path, { body }), /listen/);
    });

    it("leaves nothing behind", async () => {
      await paper.pulumi("destroy", "--yes", "--stack", stack, "--config-file", file);
      const state = JSON.parse(await paper.pulumi("stack", "export", "--stack", stack)) as {
        deployment: { resources?: unknown[] };
      };
      assert.deepEqual(state.deployment.resources ?? [], []);
    });
  });
}
