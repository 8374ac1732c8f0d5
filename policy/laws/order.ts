import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import {
  clusterOf,
  field,
  inSameCluster,
  isIstiod,
  isIstioObject,
  isKubernetes,
  isOfExternalIstiod,
  istiodsOf,
  type Law,
  meshClusterType,
  primaryOf,
  releaseOf,
  releaseType,
} from "./law.ts";
import { text } from "./values.ts";

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
    .flatMap((node) => istiodsOf(graph, node).flatMap((istiod) => mustFollow(graph, node, istiod, "istiod")));

/** Pods that are made before istiod answers get no proxy. */
export const podsWithProxiesFollowIstiod: Law = (graph) =>
  graph.nodes
    .filter((node) => isGatewayRelease(node) || isDeployment(node))
    .flatMap((node) => istiodsOf(graph, node).flatMap((istiod) => mustFollow(graph, node, istiod, "istiod")));

/** An istiod does not know the tokens of a cluster that it cannot read yet: its proxies would wait, and `up` with them. */
export const proxiesFollowTheSecretAboutThem: Law = (graph) =>
  graph.nodes
    .filter((node) => isGatewayRelease(node) || isDeployment(node))
    .flatMap((node) => {
      const cluster = clusterOf(graph, node);
      const primary = cluster && primaryOf(graph, cluster);
      if (cluster === undefined || primary === cluster) return [];
      const secret = graph
        .byType("kubernetes:core/v1:Secret")
        .find((each) => readCluster(each) === cluster.name && clusterOf(graph, each) === primary);
      return mustFollow(graph, node, secret, "the secret by which its primary reads it,");
    });

/** With a remote's chart come webhooks and addresses that lead to the primary's istiod: the way is there before. */
export const remotesFollowTheWayToIstiod: Law = (graph) =>
  graph.byType(meshClusterType).flatMap((remote) => {
    const primary = primaryOf(graph, remote);
    if (primary === remote) return [];
    const [own] = graph
      .subtreeOf(remote)
      .filter(({ type, inputs }) => type === releaseType && inputs["name"] === "istiod");
    const way = graph
      .subtreeOf(primary)
      .filter(
        ({ type, inputs }) =>
          (/:(Gateway|VirtualService)$/.test(type) && /^istiod/.test(String(field(inputs, "metadata", "name")))) ||
          (type === "kubernetes:core/v1:Service" && listensOn(inputs, 15012)),
      );
    if (own === undefined || way.length !== 3) return [`${remote.urn} has no way to the istiod of ${primary.name}.`];
    return way.flatMap((part) => mustFollow(graph, own, part, part.name));
  });

const listensOn = (service: ResourceNode["inputs"], port: number): boolean =>
  ((field(service, "spec", "ports") ?? []) as { port: number }[]).some((each) => each.port === port);

/** An istiod that starts without `cacerts` signs itself, and the other clusters do not trust it. */
export const istiodFollowsItsAuthority: Law = (graph) =>
  graph
    .byType(releaseType)
    .filter(isIstiod)
    .flatMap((istiod) => {
      const cacerts = inSameCluster(graph, istiod, "kubernetes:core/v1:Secret").find(
        ({ inputs }) =>
          field(inputs, "metadata", "name") === "cacerts" &&
          field(inputs, "metadata", "namespace") === istiod.inputs["namespace"],
      );
      return [
        ...(runsNoIstiod(istiod) ? [] : mustFollow(graph, istiod, cacerts, "the Secret cacerts")),
        // An external istiod finds its definitions in the config cluster.
        ...(isOfExternalIstiod(graph, istiod)
          ? []
          : mustFollow(graph, istiod, releaseOf(graph, istiod, "istio-base"), "the chart base")),
      ];
    });

/** In a remote without an injector of its own, chart istiod makes webhooks only. */
const runsNoIstiod = ({ inputs }: ResourceNode): boolean =>
  field(inputs, "values", "profile") === "remote" &&
  field(inputs, "values", "istiodRemote", "enabledLocalInjectorIstiod") !== true;

/** The cluster that a remote secret, or the kubeconfig of an external istiod, is about. */
const readCluster = ({ inputs }: ResourceNode): unknown =>
  field(inputs, "metadata", "annotations", "networking.istio.io/cluster");

/** The cluster that a secret for Kiali is about. */
const shownCluster = ({ inputs }: ResourceNode): unknown =>
  field(inputs, "metadata", "annotations", "kiali.io/cluster");

/** The data of a remote secret, istiod's or Kiali's, is the token of a reader in the other cluster. */
export const remoteSecretsFollowTheirTokens: Law = (graph) =>
  graph.byType("kubernetes:core/v1:Secret").flatMap((secret) => {
    const from = readCluster(secret) ?? shownCluster(secret);
    if (from === undefined) return [];
    const tokens = graph
      .byType("kubernetes:core/v1:Secret")
      .filter(({ inputs }) => inputs["type"] === "kubernetes.io/service-account-token")
      .filter((token) => clusterOf(graph, token)?.name === from);
    const waits = tokens.some((token) => graph.dependsTransitively(secret, token));
    return waits ? [] : [`${secret.urn} does not wait for the token of ${text(from)}.`];
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
    .filter((service) => selectorOf(service) !== undefined && podsBehind(graph, service).length === 0)
    .map(({ urn }) => `${urn} selects no pods.`);

/** Where a Service selects nothing, only the mesh leads anywhere: to one of the same name in another cluster. */
export const namesLeadToPodsElsewhere: Law = (graph) => {
  const services = graph.byType("kubernetes:core/v1:Service");
  const name = ({ inputs }: ResourceNode): string =>
    `${text(field(inputs, "metadata", "namespace"))}/${text(field(inputs, "metadata", "name"))}`;
  const served = services.filter((service) => podsBehind(graph, service).length > 0).map(name);
  return services
    .filter((service) => selectorOf(service) === undefined && !served.includes(name(service)))
    .map(({ urn }) => `${urn} selects nothing, and no other cluster has pods of that name.`);
};

/** After a failure nothing is begun any more: a Service that came before its pods would be waited for in vain. */
export const servicesFollowTheirPods: Law = (graph) =>
  graph
    .byType("kubernetes:core/v1:Service")
    .flatMap((service) =>
      podsBehind(graph, service).flatMap((pods) => mustFollow(graph, service, pods, `the pods of ${pods.name}`)),
    );

const selectorOf = ({ inputs }: ResourceNode): Readonly<Record<string, string>> | undefined =>
  field(inputs, "spec", "selector") as Readonly<Record<string, string>> | undefined;

/** Deployments and releases of the gateway chart whose pods a Service selects. */
function podsBehind(graph: ResourceGraph, service: ResourceNode): ResourceNode[] {
  const selector = selectorOf(service);
  if (selector === undefined) return [];
  const namespace = field(service.inputs, "metadata", "namespace");
  const selects = (labels: unknown): boolean =>
    Object.entries(selector).every(([key, value]) => field(labels, key) === value);
  return [
    ...inSameCluster(graph, service, "kubernetes:apps/v1:Deployment")
      .filter(({ inputs }) => field(inputs, "metadata", "namespace") === namespace)
      .filter(({ inputs }) => selects(field(inputs, "spec", "template", "metadata", "labels"))),
    ...inSameCluster(graph, service, releaseType)
      .filter((release) => isGatewayRelease(release) && release.inputs["namespace"] === namespace)
      .filter(({ inputs }) => selects(gatewayLabels(inputs["name"] as string))),
  ];
}

/** The gateway chart labels its pods by its release's name. */
const gatewayLabels = (app: string): unknown => ({ app, istio: app.replace(/^istio-/, "") });
