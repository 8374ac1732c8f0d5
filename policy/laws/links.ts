import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { clusterOf, field, type Law, meshClusterType, source } from "./law.ts";

const peeringType = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";

const routesOver = (graph: ResourceGraph, peering: ResourceNode): ResourceNode[] =>
  graph.byType("aws:ec2/route:Route").filter((route) => source(graph, route, "vpcPeeringConnectionId") === peering);

/** Both VPCs of a peering, each with the other: routes and rules of the first speak of the second's block. */
function sides(graph: ResourceGraph, peering: ResourceNode): { vpc: ResourceNode; other: ResourceNode }[] {
  const [mine, theirs] = [source(graph, peering, "vpcId"), source(graph, peering, "peerVpcId")];
  if (mine === undefined || theirs === undefined) return [];
  return [
    { vpc: mine, other: theirs },
    { vpc: theirs, other: mine },
  ];
}

/** Nothing travels through a peering that its other region has not accepted. */
export const peeringsAreAccepted: Law = (graph) =>
  graph
    .byType(peeringType)
    .filter((peering) => {
      const accepters = graph
        .byType("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter")
        .filter((each) => source(graph, each, "vpcPeeringConnectionId") === peering);
      const regionOf = ({ provider }: ResourceNode): unknown => graph.find(provider ?? "")?.inputs["region"];
      return !accepters.some(
        (each) => each.inputs["autoAccept"] === true && regionOf(each) === peering.inputs["peerRegion"],
      );
    })
    .map(({ urn }) => `${urn} is not accepted in its other region.`);

/** A subnet whose table lacks the route keeps silent, whichever pod or load balancer is in it. */
export const everyRouteTableKnowsThePeers: Law = (graph) =>
  graph.byType(peeringType).flatMap((peering) =>
    sides(graph, peering).flatMap(({ vpc, other }) =>
      graph
        .byType("aws:ec2/routeTable:RouteTable")
        .filter((table) => source(graph, table, "vpcId") === vpc)
        .filter(
          (table) =>
            !routesOver(graph, peering).some(
              (route) =>
                source(graph, route, "routeTableId") === table &&
                route.inputs["destinationCidrBlock"] === cidrOf(other),
            ),
        )
        .map((table) => `${table.urn} has no route to ${cidrOf(other)}.`),
    ),
  );

/** Else a pod's packets would carry its node's address into the peer's VPC. */
export const podsShowTheirAddressesToPeers: Law = (graph) =>
  graph.byType(peeringType).flatMap((peering) =>
    sides(graph, peering).flatMap(({ vpc, other }) =>
      clustersIn(graph, vpc)
        .filter(({ inputs }) => {
          const env = field(inputs, "vpcCniOptions", "configurationValues", "env");
          const kept = field(env, "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS") as string | undefined;
          return kept?.split(",").includes(cidrOf(other)) !== true;
        })
        .map(({ urn }) => `${urn} hides its pods from ${cidrOf(other)}.`),
    ),
  );

/** The ways between clusters outlive whatever uses them. */
export const linksOutliveNodes: Law = (graph) =>
  graph.byType(peeringType).flatMap((peering) =>
    sides(graph, peering)
      .flatMap(({ vpc }) => clustersIn(graph, vpc))
      .flatMap((eks) =>
        graph
          .byType("eks:index:ManagedNodeGroup")
          .filter((group) => clusterOf(graph, group) === clusterOf(graph, eks))
          .flatMap((group) =>
            routesOver(graph, peering)
              .filter((route) => !graph.dependsTransitively(group, route))
              .map((route) => `${group.urn} may outlive ${route.urn}.`),
          ),
      ),
  );

/** Clusters of one network promise that their pods reach each other: each admits the others' blocks, on every port. */
export const oneNetworkAdmitsItsPods: Law = (graph) =>
  graph.byType(meshClusterType).flatMap((cluster) =>
    graph
      .byType(meshClusterType)
      .filter((peer) => peer !== cluster && peer.outputs["network"] === cluster.outputs["network"])
      .flatMap((peer) => {
        const cidr = vpcOf(graph, peer)?.inputs["cidrBlock"];
        const admitted = graph
          .byType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
          .filter((rule) => clusterOf(graph, rule) === cluster)
          .some(({ inputs }) => inputs["cidrIpv4"] === cidr && inputs["ipProtocol"] === "-1");
        return cidr === undefined || admitted ? [] : [`${cluster.urn} does not admit pods of ${peer.name}.`];
      }),
  );

const cidrOf = (vpc: ResourceNode): string => vpc.inputs["cidrBlock"] as string;

const clustersIn = (graph: ResourceGraph, vpc: ResourceNode): ResourceNode[] =>
  graph.byType("eks:index:Cluster").filter((eks) => source(graph, eks, "vpcId") === vpc);

function vpcOf(graph: ResourceGraph, cluster: ResourceNode): ResourceNode | undefined {
  const eks = graph.byType("eks:index:Cluster").find((each) => clusterOf(graph, each) === cluster);
  return eks === undefined ? undefined : source(graph, eks, "vpcId");
}
