import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import type { OpenPlan } from "../../topology/types.ts";
import { clusterOf, field, meshClusterType, sources } from "./law.ts";

/** What a running lab would offer to whom, read off its resources. In the plan's order and shape, without reasons. */
export function openInGraph(graph: ResourceGraph): Omit<OpenPlan, "why">[] {
  return graph.byType(meshClusterType).flatMap((cluster) => {
    const nodes = graph.subtreeOf(cluster);
    return [
      ...nodes
        .filter(({ type }) => type === "eks:index:Cluster")
        .flatMap((eks) => openEndpoint(graph, cluster.name, eks)),
      ...nodes.flatMap((node) => openService(graph, cluster.name, node)),
    ];
  });
}

function openEndpoint(graph: ResourceGraph, cluster: string, eks: ResourceNode): Omit<OpenPlan, "why">[] {
  // AWS opens the endpoint when nothing is said.
  if (eks.inputs["endpointPublicAccess"] === false) return [];
  const sources = sourcesOf(graph, eks, "publicAccessCidrs", eks.inputs["publicAccessCidrs"]);
  return [{ cluster, what: "kubernetes-api", ports: [443], sources }];
}

/** Blocks as they are written, and clusters whose NAT gateway's address is among them. */
function sourcesOf(graph: ResourceGraph, node: ResourceNode, input: string, blocks: unknown): string[] {
  const written = ((blocks ?? ["0.0.0.0/0"]) as string[]).filter((block) => /^[\d.]+\/\d+$/.test(block));
  const nats = sources(graph, node, input, "aws:ec2/eip:Eip");
  return [...written, ...nats.map((nat) => `NAT of ${clusterOf(graph, nat)?.name ?? ""}`)];
}

function openService(graph: ResourceGraph, cluster: string, node: ResourceNode): Omit<OpenPlan, "why">[] {
  const { type, inputs } = node;
  if (type === "kubernetes:gateway.networking.k8s.io/v1:Gateway") return openByIstiod(cluster, node);
  if (type !== "kubernetes:core/v1:Service" || field(inputs, "spec", "type") !== "LoadBalancer") return [];
  const scheme = field(inputs, "metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-scheme");
  if (scheme !== "internet-facing") return [];
  const ports = (field(inputs, "spec", "ports") as { port: number }[]).map(({ port }) => port);
  const sources = sourcesOf(graph, node, "spec", field(inputs, "spec", "loadBalancerSourceRanges"));
  return [{ cluster, what: String(field(inputs, "metadata", "name")), ports, sources }];
}

/** The Service that istiod makes for a Gateway of the Gateway API has its listeners' ports and the status port. */
function openByIstiod(cluster: string, { inputs }: ResourceNode): Omit<OpenPlan, "why">[] {
  const annotations = field(inputs, "spec", "infrastructure", "annotations");
  if (field(annotations, "service.beta.kubernetes.io/aws-load-balancer-scheme") !== "internet-facing") return [];
  const ports = (field(inputs, "spec", "listeners") as { port: number }[]).map(({ port }) => port);
  return [
    { cluster, what: String(field(inputs, "metadata", "name")), ports: [...ports, 15021], sources: ["0.0.0.0/0"] },
  ];
}
