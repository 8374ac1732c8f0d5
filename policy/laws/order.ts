import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import {
  clusterOf,
  field,
  inSameCluster,
  isIstioObject,
  isKubernetes,
  type Law,
  releaseOf,
  releaseType,
} from "./law.ts";

function mustFollow(graph: ResourceGraph, node: ResourceNode, first: ResourceNode | undefined, what: string): string[] {
  if (first !== undefined && graph.dependsTransitively(node, first)) return [];
  return [`${node.urn} does not wait for ${what} of its cluster.`];
}

const isGatewayRelease = ({ type, inputs }: ResourceNode): boolean =>
  type === releaseType && /(ingress|egress|eastwest)gateway$/.test(inputs["name"] as string);
const isDeployment = ({ type }: ResourceNode): boolean => type === "kubernetes:apps/v1:Deployment";

/** With only the charts' base before it, an object's deletion would ask a webhook whose istiod is gone, for ever. */
export const istioObjectsFollowIstiod: Law = (graph) =>
  graph.nodes
    .filter((node) => isIstioObject(node))
    .flatMap((node) => mustFollow(graph, node, releaseOf(graph, node, "istiod"), "istiod"));

/** Pods that are made before istiod answers get no proxy. */
export const podsWithProxiesFollowIstiod: Law = (graph) =>
  graph.nodes
    .filter((node) => isGatewayRelease(node) || isDeployment(node))
    .flatMap((node) => mustFollow(graph, node, releaseOf(graph, node, "istiod"), "istiod"));

/** An istiod that starts without `cacerts` signs itself, and the other clusters do not trust it. */
export const istiodFollowsItsAuthority: Law = (graph) =>
  graph
    .byType(releaseType)
    .filter(({ inputs }) => inputs["name"] === "istiod")
    .flatMap((istiod) => {
      const cacerts = inSameCluster(graph, istiod, "kubernetes:core/v1:Secret").find(
        ({ inputs }) => field(inputs, "metadata", "name") === "cacerts",
      );
      return [
        ...mustFollow(graph, istiod, cacerts, "the Secret cacerts"),
        ...mustFollow(graph, istiod, releaseOf(graph, istiod, "istio-base"), "the chart base"),
      ];
    });

/** The data of a remote secret is the token of a reader in the other cluster. */
export const remoteSecretsFollowTheirTokens: Law = (graph) =>
  graph
    .byType("kubernetes:core/v1:Secret")
    .filter(({ inputs }) => field(inputs, "metadata", "labels", "istio/multiCluster") === "true")
    .flatMap((secret) => {
      const from = field(secret.inputs, "metadata", "annotations", "networking.istio.io/cluster");
      const tokens = graph
        .byType("kubernetes:core/v1:Secret")
        .filter(({ inputs }) => inputs["type"] === "kubernetes.io/service-account-token")
        .filter((token) => clusterOf(graph, token)?.name === from);
      const waits = tokens.some((token) => graph.dependsTransitively(secret, token));
      return waits ? [] : [`${secret.urn} does not wait for the token of ${String(from)}.`];
    });

/** Nothing runs, and no name resolves, before there are nodes and what belongs to them. */
export const objectsFollowNodes: Law = (graph) =>
  graph.nodes
    .filter((node) => isKubernetes(node))
    .flatMap((node) =>
      ["eks:index:ManagedNodeGroup", "aws:eks/addon:Addon"].flatMap((type) =>
        inSameCluster(graph, node, type).flatMap((first) => mustFollow(graph, node, first, first.name)),
      ),
    );

/** The provider waits until a Service with a selector has endpoints; one that nobody serves fails after ten minutes. */
export const everyServiceHasPods: Law = (graph) =>
  graph
    .byType("kubernetes:core/v1:Service")
    .filter((service) => {
      const selector = field(service.inputs, "spec", "selector") as Readonly<Record<string, string>>;
      const namespace = field(service.inputs, "metadata", "namespace");
      const deployed = inSameCluster(graph, service, "kubernetes:apps/v1:Deployment")
        .filter(({ inputs }) => field(inputs, "metadata", "namespace") === namespace)
        .map(({ inputs }) => field(inputs, "spec", "template", "metadata", "labels"));
      // The gateway chart labels its pods by its release's name.
      const gateways = inSameCluster(graph, service, releaseType)
        .filter((release) => isGatewayRelease(release) && release.inputs["namespace"] === namespace)
        .map(({ inputs }) => inputs["name"] as string)
        .map((app) => ({ app, istio: app.replace(/^istio-/, "") }));
      return ![...deployed, ...gateways].some((labels) =>
        Object.entries(selector).every(([key, value]) => field(labels, key) === value),
      );
    })
    .map(({ urn }) => `${urn} selects no pods.`);
