import assert from "node:assert/strict";
import { hboneGateway, hboneGatewayParameters } from "../../istio/ambient.ts";
import { meshObjects } from "../../istio/objects.ts";
import { gatewayOf } from "../../istio/plan-queries.ts";
import { sampleObjects } from "../../istio/samples.ts";
import { cniValues, istiodValues, ztunnelValues } from "../../istio/values.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { multi, planned } from "./plans.ts";

const ambient: LabConfig = { ...multi, mesh: { dataPlane: "ambient" }, experimental: true };

const samplesOf = (config: LabConfig) => {
  const { lab, cluster } = planned(config, "east");
  return cluster.samples.map((sample) => ({ sample: sample.name, ...sampleObjects(lab, cluster, sample) }));
};

describe("an ambient mesh", () => {
  it("has each chart told so, and the clusters' names where ztunnel and istiod must agree", () => {
    const { lab, cluster } = planned(ambient, "east");
    assert.equal(istiodValues(lab, cluster)["profile"], "ambient");
    assert.equal(cniValues(lab, cluster)["profile"], "ambient");
    const ztunnel = ztunnelValues(lab, cluster);
    assert.deepEqual([ztunnel["multiCluster"], ztunnel["network"]], [{ clusterName: "east" }, "network-east"]);
    assert.deepEqual(istiodValues(lab, cluster)["env"], {
      AMBIENT_ENABLE_MULTI_NETWORK: "true",
      AMBIENT_ENABLE_MULTI_NETWORK_INGRESS: "true",
      PILOT_REMOTE_CLUSTER_TIMEOUT: "20s",
    });
    const sidecars = planned(multi, "east");
    assert.doesNotMatch(JSON.stringify(istiodValues(sidecars.lab, sidecars.cluster)["env"]), /AMBIENT/);
  });

  it("enrols namespaces by label, and puts a waypoint before what is called", () => {
    for (const { sample, namespace, workloads } of samplesOf(ambient)) {
      assert.deepEqual(namespace.metadata.labels, { "istio.io/dataplane-mode": "ambient" });
      const waypoints = workloads.filter(({ kind }) => kind === "Gateway").map(({ metadata }) => metadata.name);
      const service = workloads.find(({ kind }) => kind === "Service");
      const called = sample !== "curl";
      assert.deepEqual(waypoints, called ? ["waypoint"] : []);
      assert.equal(service?.metadata.labels?.["istio.io/use-waypoint"], called ? "waypoint" : undefined);
      assert.equal(service?.metadata.labels?.["istio.io/global"], called ? "true" : undefined);
    }
    for (const { namespace, workloads } of samplesOf(multi)) {
      assert.deepEqual(namespace.metadata.labels, { "istio-injection": "enabled" });
      assert.ok(workloads.every(({ metadata }) => metadata.labels?.["istio.io/use-waypoint"] === undefined));
    }
  });

  it("prefers its own cluster's endpoints by a rule that waypoints read, and leaves VirtualServices to gateways", () => {
    const routes = samplesOf(ambient).flatMap((objects) => objects.routes);
    assert.deepEqual(
      routes.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["DestinationRule helloworld", "VirtualService helloworld-ingress"],
    );
    assert.match(JSON.stringify(routes[0]), /"failoverPriority":\["topology\.istio\.io\/cluster"\]/);
  });

  it("lets other networks in by HBONE alone, with as many pods as planned", () => {
    const { lab, cluster } = planned(ambient, "east");
    const gateway = gatewayOf(cluster, "east-west");
    const { metadata, spec } = hboneGateway(cluster, gateway);
    assert.deepEqual(metadata.labels, { "topology.istio.io/network": "network-east" });
    assert.match(JSON.stringify(spec), /"gatewayClassName":"istio-east-west".*"port":15008,"protocol":"HBONE"/);
    assert.match(JSON.stringify(spec), /aws-load-balancer-scheme":"internet-facing"/);
    const { data } = hboneGatewayParameters(gateway) as unknown as { data: { deployment: string; service: string } };
    assert.deepEqual(JSON.parse(data.deployment), { spec: { replicas: 2 } });
    assert.match(data.service, /"loadBalancerClass":"service\.k8s\.aws\/nlb"/);
    const gateways = (config: LabConfig) => {
      const { lab: planOf, cluster: of } = planned(config, "east");
      return meshObjects(planOf, of).flatMap(({ kind, metadata: { name } }) => (kind === "Gateway" ? [name] : []));
    };
    assert.deepEqual(gateways(ambient), ["lab-ingress"]);
    assert.deepEqual(gateways(multi), ["lab-ingress", "cross-network-gateway"]);
    assert.equal(lab.open.filter(({ ports }) => ports.includes(15008)).length, 2);
  });
});
