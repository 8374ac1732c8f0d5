/** Labs to plan, draw and price in tests. */
import { planConfig, planLab } from "../../../topology/plan.ts";
import type { ClusterPlan, LabPlan } from "../../../topology/types.ts";

/** The lab of Pulumi.single.yaml, in short. */
export function singleLab(): LabPlan {
  return planConfig({ model: "single", gateways: { ingress: true, egress: true }, samples: ["bookinfo", "curl"] });
}

/** The lab of Pulumi.multi.yaml, in short. */
export function multiLab(): LabPlan {
  return planConfig({
    clusters: [
      { name: "east", region: "us-east-1", network: "network-east" },
      { name: "west", region: "us-west-2", network: "network-west" },
    ],
    controlPlane: { ha: true },
    samples: ["helloworld", "curl"],
  });
}

/** Primaries on networks of their own. */
export function meshOf(count: number, extra: Readonly<Record<string, unknown>> = {}): LabPlan {
  const clusters = Array.from({ length: count }, (_, index) => ({
    name: `cluster-${String(index + 1).padStart(2, "0")}`,
    region: index % 2 === 0 ? "us-east-1" : "us-west-2",
  }));
  return planConfig({ clusters, samples: ["bookinfo", "helloworld", "httpbin", "curl"], ...extra });
}

/**
 * A plan that the planner does not make yet: every second cluster is a remote of the first, on the first's network,
 * without an istiod or an east-west gateway. Pictures must be right before the model is built.
 */
export function withRemotes(lab: LabPlan): LabPlan {
  const [first] = lab.clusters;
  if (first === undefined) return lab;
  const isRemote = (index: number): boolean => index % 2 === 1;
  const clusters = lab.clusters.map((cluster, index): ClusterPlan =>
    isRemote(index) ? remoteOf(first, cluster) : cluster,
  );
  const remotes = new Set(
    clusters.filter((cluster) => cluster.primary !== cluster.name).map((cluster) => cluster.name),
  );
  return {
    ...lab,
    clusters,
    remoteSecrets: lab.remoteSecrets.filter((secret) => !remotes.has(secret.to)),
    eastWestGateways: lab.eastWestGateways.filter((name) => !remotes.has(name)),
  };
}

function remoteOf(primary: ClusterPlan, cluster: ClusterPlan): ClusterPlan {
  const { controlPlane: _none, ...rest } = cluster;
  return {
    ...rest,
    primary: primary.name,
    config: primary.name,
    network: primary.network,
    roles: ["remote"],
    gateways: cluster.gateways.filter((gateway) => gateway.kind !== "east-west"),
  };
}

/** Two meshes, each of which offers the other a service. */
export function twoMeshes(): LabPlan {
  const offer = (host: string, to: string) => ({ host, namespace: "helloworld", port: 5000, to });
  return planLab({
    meshes: [
      { name: "store", exports: [offer("helloworld.store.example", "web")] },
      { name: "web", trustDomain: "web.example", exports: [offer("helloworld.web.example", "store")] },
    ],
    clusters: [
      { name: "east", mesh: "store", region: "us-east-1" },
      { name: "west", mesh: "web", region: "us-west-2" },
    ],
    samples: ["helloworld", "curl"],
  });
}
