/** What of a lab can be reached from outside its VPCs, and why. */
import type { ClusterPlan, GatewayPlan, OpenPlan } from "./types.ts";

const world = ["0.0.0.0/0"];

const reasons: Record<GatewayPlan["kind"], string> = {
  ingress: "requests of users",
  egress: "requests to outside the mesh",
  "east-west": "mutual TLS between the clusters of the mesh; refused without a certificate of its root",
};

/** Everything that a load balancer or an API endpoint offers to the internet, in the order of the clusters. */
export function openOf(cluster: ClusterPlan): OpenPlan[] {
  const gateways = cluster.gateways
    .filter((gateway) => gateway.exposure === "internet")
    .map((gateway) => ({
      cluster: cluster.name,
      what: gateway.release,
      ports: gateway.ports.map((each) => each.port),
      sources: gateway.sourceRanges.length > 0 ? gateway.sourceRanges : world,
      why: reasons[gateway.kind],
    }));
  return [...openEndpoint(cluster), ...gateways];
}

function openEndpoint({ name, endpoint }: ClusterPlan): OpenPlan[] {
  if (!endpoint.public) return [];
  const sources = endpoint.publicAccessCidrs.length > 0 ? endpoint.publicAccessCidrs : world;
  return [
    {
      cluster: name,
      what: "kubernetes-api",
      ports: [443],
      sources,
      why: "kubectl, Pulumi, and istiod of other clusters",
    },
  ];
}
