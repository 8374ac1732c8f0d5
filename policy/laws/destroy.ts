import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import {
  clusterOf,
  field,
  inSameCluster,
  isAws,
  isKubernetes,
  type Law,
  primaryOf,
  releaseOf,
  releaseType,
} from "./law.ts";

const controller = "aws-load-balancer-controller";

/** A Service with a load balancer, or a Gateway for which istiod makes one. */
const isBalanced = ({ type, inputs }: ResourceNode): boolean =>
  (type === "kubernetes:core/v1:Service" && field(inputs, "spec", "type") === "LoadBalancer") ||
  (type === "kubernetes:gateway.networking.k8s.io/v1:Gateway" &&
    field(inputs, "spec", "gatewayClassName") === "istio-east-west");
const isController = ({ inputs }: ResourceNode): boolean => inputs["name"] === controller;
/** What AWS would keep if its deletion were skipped. */
const ownsInAws = (node: ResourceNode): boolean => isBalanced(node) || isController(node);

function eksOf(graph: ResourceGraph, node: ResourceNode): ResourceNode | undefined {
  return inSameCluster(graph, node, "eks:index:Cluster")[0];
}

/** Skipping such a deletion orphans load balancers and interfaces, and the VPC's deletion then hangs. */
export const whatOwnsInAwsIsDeletedItself: Law = (graph) =>
  graph.nodes
    .filter((node) => ownsInAws(node) || (isAws(node) && node.type !== "aws:eks/addon:Addon"))
    .filter(({ options }) => options.deletedWith !== undefined || options.retainOnDelete === true)
    .map(({ urn }) => `${urn} owns something in AWS and would not be deleted itself.`);

/** Everything else inside a cluster goes with it, so that destroy neither waits for nor depends on a dying API server. */
export const theRestGoesWithItsCluster: Law = (graph) =>
  graph.nodes
    .filter((node) => isKubernetes(node) && !ownsInAws(node))
    .filter((node) => node.options.deletedWith !== eksOf(graph, node)?.urn)
    .map(({ urn }) => `${urn} is not deleted with its own cluster.`);

/** On EKS the controller removes the load balancer, by credentials, on a node, over a route: all outlive the Service. */
export const loadBalancersGoFirst: Law = (graph) =>
  graph.nodes
    .filter((node) => isBalanced(node) && eksOf(graph, node) !== undefined)
    .flatMap((service) => {
      const needed = [
        releaseOf(graph, service, controller),
        ...[
          "aws:eks/podIdentityAssociation:PodIdentityAssociation",
          "aws:eks/addon:Addon",
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          "eks:index:ManagedNodeGroup",
          "eks:index:Cluster",
          "aws:ec2/route:Route",
          "aws:ec2/routeTableAssociation:RouteTableAssociation",
          "aws:ec2/internetGateway:InternetGateway",
          "aws:ec2/subnet:Subnet",
        ].flatMap((type) => inSameCluster(graph, service, type)),
      ];
      return needed
        .filter((node) => node === undefined || !graph.dependsTransitively(service, node))
        .map((node) => `${service.urn} may outlive ${node?.urn ?? `the release ${controller}`}.`);
    });

/** Nodes without their policies leave network interfaces behind, which block the subnets. */
export const nodesGoBeforeTheirRights: Law = (graph) =>
  graph.byType("eks:index:ManagedNodeGroup").flatMap((group) =>
    graph
      .byType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter((attachment) => attachment.parent === group.parent)
      .concat(inSameCluster(graph, group, "aws:ec2/route:Route"))
      .filter((needed) => !graph.dependsTransitively(group, needed))
      .map((needed) => `${group.urn} may outlive ${needed.urn}.`),
  );

/** A release that gives up early leaves a stuck destroy; one that does not wait races. */
export const releasesAreWaitedFor: Law = (graph) =>
  graph
    .byType(releaseType)
    .flatMap(({ urn, inputs }) => [
      ...(Number(inputs["timeout"]) >= 600 ? [] : [`${urn} has too short a timeout.`]),
      ...(["atomic", "skipAwait", "createNamespace"] as const)
        .filter((option) => inputs[option] !== undefined)
        .map((option) => `${urn} sets ${option}.`),
    ]);

/**
 * What a cluster may know of another: a token in its remote secrets, the gateway at which it finds a service, and the
 * address that the other's private nodes call from.
 */
const mayCross = (node: ResourceNode, other: ResourceNode): boolean =>
  node.type === "kubernetes:core/v1:Secret" ||
  (node.type.endsWith(":ServiceEntry") && isBalanced(other)) ||
  other.type === "aws:ec2/eip:Eip";

/** No cluster waits for a resource of another beside these; a remote, for what its primary has for it. */
export const clustersStandAlone: Law = (graph) =>
  graph.nodes.flatMap((node) => {
    const cluster = clusterOf(graph, node);
    if (cluster === undefined) return [];
    return node.dependsOn
      .flatMap((urn) => graph.find(urn) ?? [])
      .filter((other) => ![cluster, primaryOf(graph, cluster)].includes(clusterOf(graph, other) ?? cluster))
      .filter((other) => !mayCross(node, other))
      .map((other) => `${node.urn} waits for ${other.urn} of another cluster.`);
  });
