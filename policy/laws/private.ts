/** What is closed to the world still has to let in those whom the mesh needs. */
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { clusterOf, field, type Law, meshClusterType, networkType, privateSubnetsOf, sources } from "./law.ts";

const routeType = "aws:ec2/route:Route";

/** Nodes without public addresses pull images and join their cluster through a NAT gateway, which has to outlive them. */
export const privateNodesReachOut: Law = (graph) =>
  graph.byType("eks:index:ManagedNodeGroup").flatMap((group) =>
    privateSubnetsOf(graph, group)
      .filter((subnet) => !natRoutesOf(graph, subnet).some((route) => graph.dependsTransitively(group, route)))
      .map((subnet) => `${group.urn} has no lasting way out of ${subnet.name}.`),
  );

function natRoutesOf(graph: ResourceGraph, subnet: ResourceNode): ResourceNode[] {
  const tables = graph
    .byType("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter((association) => association.propertyDeps["subnetId"]?.[0] === subnet.urn)
    .flatMap((association) => association.propertyDeps["routeTableId"] ?? []);
  return graph
    .byType(routeType)
    .filter((route) => tables.includes(route.propertyDeps["routeTableId"]?.[0] ?? ""))
    .filter((route) => sources(graph, route, "natGatewayId", "aws:ec2/natGateway:NatGateway").length > 0);
}

/** An istiod that cannot read a cluster takes its endpoints for gone, or never learns of them. */
export const readersReachTheApi: Law = (graph) =>
  graph.byType("kubernetes:core/v1:Secret").flatMap((secret) => {
    const name = field(secret.inputs, "metadata", "annotations", "networking.istio.io/cluster");
    const [read, reader] = [graph.byType(meshClusterType).find((each) => each.name === name), clusterOf(graph, secret)];
    const eks = read && graph.subtreeOf(read).find(({ type }) => type === "eks:index:Cluster");
    if (reader === undefined || eks === undefined || read === reader || lets(graph, eks, reader)) return [];
    return [`${eks.urn} is closed to istiod in ${reader.name}.`];
  });

function lets(graph: ResourceGraph, eks: ResourceNode, reader: ResourceNode): boolean {
  if (eks.inputs["endpointPublicAccess"] === false) {
    const block = vpcOf(graph, reader)?.inputs["cidrBlock"];
    return graph
      .byType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter((rule) => clusterOf(graph, rule) === clusterOf(graph, eks) && rule.inputs["cidrIpv4"] === block)
      .some(({ inputs }) => inputs["ipProtocol"] === "-1" || inputs["fromPort"] === 443);
  }
  const blocks = (eks.inputs["publicAccessCidrs"] ?? ["0.0.0.0/0"]) as unknown;
  const isOpen = Array.isArray(blocks) && blocks.includes("0.0.0.0/0");
  return (
    isOpen ||
    sources(graph, eks, "publicAccessCidrs", "aws:ec2/eip:Eip").some((nat) => clusterOf(graph, nat) === reader)
  );
}

/** A gateway that only the peers reach needs the peers, and has to admit their blocks. */
export const internalGatewaysAreReached: Law = (graph) =>
  graph
    .byType("kubernetes:core/v1:Service")
    .filter(isInternalEastWest)
    .flatMap((service) => {
      const own = clusterOf(graph, service);
      const admitted = field(service.inputs, "spec", "loadBalancerSourceRanges") as readonly string[] | undefined;
      return graph
        .byType(meshClusterType)
        .filter((caller) => caller !== own && callsAcross(graph, caller, own))
        .filter((caller) => {
          const vpc = vpcOf(graph, caller);
          const block = vpc?.inputs["cidrBlock"] as string | undefined;
          return admitted?.includes(block ?? "") !== true || !hasPeering(graph, vpc, own && vpcOf(graph, own));
        })
        .map(({ name }) => `${service.urn} is not reached from ${name}.`);
    });

const isInternalEastWest = ({ inputs }: ResourceNode): boolean =>
  field(inputs, "metadata", "name") === "istio-eastwestgateway" &&
  field(inputs, "metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-scheme") === "internal";

/** Of one mesh, which by the root that signs both is seen, and on another network or served from there. */
function callsAcross(graph: ResourceGraph, caller: ResourceNode, own: ResourceNode | undefined): boolean {
  if (own === undefined) return false;
  const { primary, network } = caller.outputs;
  return primary === own.name || (rootOf(graph, caller) === rootOf(graph, own) && network !== own.outputs["network"]);
}

const rootOf = (graph: ResourceGraph, cluster: ResourceNode): string | undefined =>
  graph.subtreeOf(cluster).find(({ type }) => type === "tls:index/locallySignedCert:LocallySignedCert")?.propertyDeps[
    "caCertPem"
  ]?.[0];

const hasPeering = (graph: ResourceGraph, a: ResourceNode | undefined, b: ResourceNode | undefined): boolean =>
  graph
    .byType("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    .map(({ propertyDeps }) => [propertyDeps["vpcId"]?.[0], propertyDeps["peerVpcId"]?.[0]])
    .some((ends) => [a, b].every((vpc) => vpc !== undefined && ends.includes(vpc.urn)));

function vpcOf(graph: ResourceGraph, cluster: ResourceNode): ResourceNode | undefined {
  const network = graph.byType(networkType).find(({ name }) => name === `${cluster.name}-network`);
  return network && graph.childrenOf(network).find(({ type }) => type === "aws:ec2/vpc:Vpc");
}
