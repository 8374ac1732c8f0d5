import assert from "node:assert/strict";
import { baseValues, cniValues, gatewayValues, istiodValues } from "../../istio/values.ts";
import { gatewayOf } from "../../istio/plan-queries.ts";
import { multi, planned } from "./plans.ts";

const overZones = (matchLabels: Record<string, string>) => ({
  maxSkew: 1,
  topologyKey: "topology.kubernetes.io/zone",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels },
});

describe("Helm values", () => {
  it("tell istiod its mesh, cluster and network", () => {
    const { lab, cluster } = planned(multi, "west");
    assert.deepEqual(istiodValues(lab, cluster), {
      global: {
        hub: "docker.io/istio",
        tag: "1.31.1",
        meshID: "mesh1",
        multiCluster: { clusterName: "west" },
        network: "network-west",
      },
      env: { PILOT_REMOTE_CLUSTER_TIMEOUT: "20s" },
      autoscaleEnabled: false,
      replicaCount: 1,
      meshConfig: {
        trustDomain: "cluster.local",
        outboundTrafficPolicy: { mode: "ALLOW_ANY" },
        defaultConfig: {
          holdApplicationUntilProxyStarts: true,
          proxyMetadata: { ECC_SIGNATURE_ALGORITHM: "ECDSA" },
        },
      },
    });
  });

  it("run istiod over zones when it is highly available, without an autoscaler", () => {
    const { lab, cluster } = planned({ ...multi, controlPlane: { ha: true } }, "east");
    const values = istiodValues(lab, cluster);
    assert.equal(values["autoscaleEnabled"], false);
    assert.equal(values["replicaCount"], 2);
    assert.deepEqual(values["topologySpreadConstraints"], [overZones({ app: "istiod" })]);
  });

  it("turn the demo profile into small requests and an access log", () => {
    const { lab, cluster } = planned({ ...multi, mesh: { profile: "demo" } }, "east");
    const istiod = istiodValues(lab, cluster);
    assert.equal(istiod["profile"], "demo");
    assert.deepEqual(istiod["meshConfig"], {
      trustDomain: "cluster.local",
      outboundTrafficPolicy: { mode: "ALLOW_ANY" },
      accessLogFile: "/dev/stdout",
      defaultConfig: {
        holdApplicationUntilProxyStarts: true,
        proxyMetadata: { ECC_SIGNATURE_ALGORITHM: "ECDSA" },
      },
    });
    assert.deepEqual(gatewayValues(lab, cluster, gatewayOf(cluster, "ingress"))["resources"], {
      requests: { cpu: "10m", memory: "40Mi" },
    });
  });

  it("make an east-west gateway of two pods over zones, which outlives its load balancer's targets", () => {
    const { lab, cluster } = planned(multi, "east");
    assert.deepEqual(gatewayValues(lab, cluster, gatewayOf(cluster, "east-west")), {
      networkGateway: "network-east",
      service: { type: "None" },
      autoscaling: { enabled: false },
      replicaCount: 2,
      podDisruptionBudget: { minAvailable: 1 },
      topologySpreadConstraints: [overZones({ app: "istio-eastwestgateway", istio: "eastwestgateway" })],
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      podAnnotations: { "proxy.istio.io/config": "terminationDrainDuration: 30s" },
      terminationGracePeriodSeconds: 45,
    });
  });

  it("give an ingress gateway no network to enter", () => {
    const { lab, cluster } = planned(multi, "east");
    const values = gatewayValues(lab, cluster, gatewayOf(cluster, "ingress"));
    assert.equal("networkGateway" in values, false);
    assert.equal("podDisruptionBudget" in values, false, "a budget for one pod would stop every drain");
  });

  it("name a control plane that is one of several, and lead webhooks and gateways by the stable tag", () => {
    const revisions = { stable: "1.31.0", canary: "1.31.1" };
    const { lab, cluster } = planned({ ...multi, mesh: { revisions } }, "east");
    const [, canary] = lab.meshes[0]?.revisions ?? [];
    const { revision, global } = istiodValues(lab, cluster, [], canary) as {
      revision: string;
      global: { tag: string };
    };
    assert.deepEqual([revision, global.tag], ["1-31-1", "1.31.1"]);
    assert.deepEqual(baseValues(lab, cluster), { defaultRevision: "1-31-0" });
    assert.equal(gatewayValues(lab, cluster, gatewayOf(cluster, "ingress"))["revision"], "stable");
  });

  it("let the user's values win, key by key", () => {
    const config = {
      ...multi,
      mesh: {
        values: {
          base: { defaultRevision: "stable" },
          istiod: {
            global: { tag: "mine" },
            meshConfig: { accessLogFile: "/dev/stderr" },
            resources: { requests: {} },
          },
          cni: { cniBinDir: "/elsewhere" },
        },
      },
    };
    const { lab, cluster } = planned(config, "east");
    const istiod = istiodValues(lab, cluster) as {
      global: Record<string, unknown>;
      meshConfig: Record<string, unknown>;
    };
    assert.equal(istiod.global["tag"], "mine");
    assert.equal(istiod.global["meshID"], "mesh1");
    assert.equal(istiod.meshConfig["accessLogFile"], "/dev/stderr");
    assert.equal(istiod.meshConfig["trustDomain"], "cluster.local");
    assert.deepEqual(baseValues(lab, cluster), { defaultRevision: "stable" });
    assert.deepEqual(cniValues(lab, cluster), {
      global: { hub: "docker.io/istio", tag: "1.31.1" },
      cniBinDir: "/elsewhere",
    });
  });
});
