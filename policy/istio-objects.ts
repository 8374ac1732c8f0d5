/**
 * Istio's security best practices, as far as resources show whether they are followed
 * (https://istio.io/latest/docs/ops/best-practices/security/).
 */
import type { ResourceGraph, ResourceNode } from "../lab/recorder/graph.ts";
import {
  action,
  bestPractices as page,
  deniesByDefault,
  everywhere,
  istiods,
  metadata,
  ofKind,
  rules,
  value,
} from "./laws/istio.ts";
import { clusterOf, field, inSameCluster, isIstioObject } from "./laws/law.ts";
import { pods } from "./laws/pods.ts";
import { list } from "./laws/values.ts";
import { allows, rbacRules } from "./laws/rbac.ts";
import type { Policies } from "./policy.ts";

const rootNamespace = "istio-system";

/** What failover needs and Istio's API has no field for: when workers hear of ejections, when a retry leaves a priority. */
const failoverFields: Readonly<Record<string, string>> = {
  CLUSTER: "common_lb_config.update_merge_window",
  HTTP_ROUTE: "route.retry_policy.retry_priority.name.typed_config.@type.update_frequency",
};

function onlyServesFailover({ inputs }: ResourceNode): boolean {
  const patches = list(field(inputs, "spec", "configPatches"));
  return (
    patches.length > 0 &&
    patches.every(
      (patch) => namesIn(field(patch, "patch", "value")).join(".") === failoverFields[String(field(patch, "applyTo"))],
    )
  );
}

/** The names of all fields, however deep. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

const negative = ["notPrincipals", "notRequestPrincipals", "notNamespaces", "notIpBlocks", "notRemoteIpBlocks"].concat([
  "notHosts",
  "notPorts",
  "notMethods",
  "notPaths",
  "notValues",
]);
const has = (rule: unknown, keys: readonly string[]): boolean => keys.some((key) => everywhere(rule, key).length > 0);

export const istioObjectPolicies: Policies = {
  // An external istiod calls itself by the cluster that holds its configuration.
  "istio-mtls-strict": {
    what: "Every primary demands mutual TLS of the whole mesh.",
    source: `${page}#mutual-tls`,
    severity: "high",
    law: (graph) =>
      istiods(graph)
        .filter(
          (istiod) =>
            !ofKind(graph, "PeerAuthentication").some(
              (node) =>
                clusterOf(graph, node)?.name === value(istiod, "global", "multiCluster", "clusterName") &&
                metadata(node, "namespace") === istiod.inputs["namespace"] &&
                field(node.inputs, "spec", "selector") === undefined &&
                field(node.inputs, "spec", "mtls", "mode") === "STRICT",
            ),
        )
        .map(({ urn }) => `${urn} lets workloads be called without mutual TLS.`),
  },
  "istio-mtls-not-disabled": {
    what: "Nothing switches mutual TLS off, for no workload and no port.",
    source: `${page}#mutual-tls`,
    severity: "critical",
    law: (graph) => [
      ...ofKind(graph, "PeerAuthentication")
        .filter((node) => everywhere(node.inputs["spec"], "mode").includes("DISABLE"))
        .map(({ urn }) => `${urn} switches mutual TLS off.`),
      ...ofKind(graph, "DestinationRule")
        .filter((node) => everywhere(node.inputs["spec"], "tls").some((tls) => field(tls, "mode") === "DISABLE"))
        .map(({ urn }) => `${urn} calls without TLS.`),
    ],
  },
  "istio-authorization-default-deny": {
    what: "Without a policy that allows it, nobody may call: every primary's root namespace denies by default.",
    source: `${page}#apply-default-deny-authorization-policies`,
    severity: "low",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => !ofKind(graph, "AuthorizationPolicy").some((node) => deniesAll(graph, node, istiod)))
        .map(({ urn }) => `${urn} has no AuthorizationPolicy that denies by default.`),
  },
  "istio-authorization-allow-positive": {
    what: "What is allowed is named, not everything else than what is named.",
    source: `${page}#use-allow-with-positive-matching-and-deny-with-negative-match-patterns`,
    severity: "medium",
    law: (graph) =>
      ofKind(graph, "AuthorizationPolicy")
        .filter((node) => action(node) === "ALLOW" && rules(node).some((rule) => has(rule, negative)))
        .map(({ urn }) => `${urn} allows whatever it does not name.`),
  },
  "istio-authorization-deny-negative": {
    what: "What is denied is everything else than what is named, so that a mismatch denies too much.",
    source: `${page}#use-allow-with-positive-matching-and-deny-with-negative-match-patterns`,
    severity: "medium",
    law: (graph) =>
      ofKind(graph, "AuthorizationPolicy")
        .filter((node) => action(node) === "DENY" && !rules(node).every((rule) => has(rule, negative)))
        .map(({ urn }) => `${urn} denies only what it names.`),
  },
  "istio-tls-origination-verified": {
    what: "Whoever speaks TLS to outside the mesh verifies whom it speaks to.",
    source: `${page}#configure-tls-verification-in-destination-rule-when-using-tls-origination`,
    severity: "high",
    law: (graph) =>
      ofKind(graph, "DestinationRule")
        .filter((node) =>
          everywhere(node.inputs["spec"], "tls").some(
            (tls) =>
              field(tls, "insecureSkipVerify") === true ||
              (["SIMPLE", "MUTUAL"].includes(String(field(tls, "mode"))) &&
                field(tls, "caCertificates") === undefined &&
                field(tls, "credentialName") === undefined),
          ),
        )
        .map(({ urn }) => `${urn} speaks TLS to whoever answers: say caCertificates.`),
  },
  "istio-gateway-creation-restricted": {
    what: "Only administrators may make Gateways.",
    source: `${page}#restrict-gateway-creation-privileges`,
    severity: "high",
    law: (graph) =>
      rbacRules(graph)
        .filter((rule) => allows(rule, "gateways", ["create", "update", "patch"]))
        .map(({ urn }) => `${urn} makes Gateways.`),
  },
  "istio-gateway-hosts-narrow": {
    what: "A Gateway names the hosts that it lets in.",
    source: `${page}#avoid-overly-broad-hosts-configurations`,
    severity: "low",
    law: (graph) =>
      ofKind(graph, "Gateway")
        .filter((node) => everywhere(node.inputs["spec"], "hosts").flat().includes("*"))
        .map(({ urn }) => `${urn} lets any host in, from any namespace.`),
  },
  "istio-gateway-tls-current": {
    what: "No Gateway speaks a TLS older than 1.2.",
    source: "https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings-TLSProtocol",
    severity: "high",
    law: (graph) =>
      ofKind(graph, "Gateway")
        .filter((node) =>
          everywhere(node.inputs["spec"], "minProtocolVersion").some((version) => /V1_[01]$/.test(String(version))),
        )
        .map(({ urn }) => `${urn} speaks a TLS that is broken.`),
  },
  "istio-protocol-declared": {
    what: "Every Service says which protocol its ports speak.",
    source: `${page}#protocol-detection`,
    severity: "medium",
    law: (graph) =>
      graph
        .byType("kubernetes:core/v1:Service")
        .filter(({ inputs }) =>
          list(field(inputs, "spec", "ports")).some(
            (port) =>
              field(port, "appProtocol") === undefined &&
              !/^(http|http2|https|tcp|tls|grpc|grpc-web|mongo|mysql|redis|udp|status-port)(-|$)/.test(
                String(field(port, "name")),
              ),
          ),
        )
        .map(({ urn }) => `${urn} leaves Istio to guess a protocol.`),
  },
  "istio-no-alpha-api": {
    what: "Istio's objects are of a stable API, which has no field for two needs of failover.",
    source: `${page}#avoid-alpha-and-experimental-features`,
    severity: "medium",
    law: (graph) =>
      graph.nodes
        .filter((node) => isIstioObject(node) && (/\/v1alpha/.test(node.type) || node.type.endsWith(":EnvoyFilter")))
        .filter((node) => !onlyServesFailover(node))
        .map(({ urn }) => `${urn} is of an API that Istio may change or drop.`),
  },
  "istio-plaintext-ports-not-exposed": {
    what: "No load balancer leads to a port that Istio serves without TLS.",
    source: `${page}#lock-down-ports`,
    severity: "critical",
    law: (graph) =>
      graph
        .byType("kubernetes:core/v1:Service")
        .filter(({ inputs }) => ["LoadBalancer", "NodePort"].includes(String(field(inputs, "spec", "type"))))
        .filter(({ inputs }) =>
          list(field(inputs, "spec", "ports")).some((port) =>
            ["port", "targetPort"].some((key) =>
              [15010, 15014, 15000, 15020, 15090].includes(Number(field(port, key))),
            ),
          ),
        )
        .map(({ urn }) => `${urn} opens one of Istio's plaintext ports.`),
  },
  "istio-workloads-are-injected": {
    what: "Workloads live in namespaces that Istio puts proxies into.",
    source: `${page}#understand-traffic-capture-limitations`,
    severity: "high",
    law: (graph) =>
      pods(graph)
        .filter(({ node }) => !inMesh(graph, node))
        .map(({ node }) => `${node.urn} runs outside the mesh.`),
  },
  "istio-traffic-is-captured": {
    what: "No pod takes ports or addresses out of its proxy's sight.",
    source: `${page}#understand-traffic-capture-limitations`,
    severity: "medium",
    law: (graph) =>
      pods(graph)
        .filter(({ node }) =>
          /traffic\.sidecar\.istio\.io\/exclude|sidecar\.istio\.io\/inject":"?false/.test(JSON.stringify(node.inputs)),
        )
        .map(({ node }) => `${node.urn} goes around its proxy.`),
  },
};

/** In the root namespace of the same cluster, whose policies hold in every namespace. */
function deniesAll(graph: ResourceGraph, node: ResourceNode, istiod: ResourceNode): boolean {
  return (
    clusterOf(graph, node) === clusterOf(graph, istiod) &&
    metadata(node, "namespace") === rootNamespace &&
    deniesByDefault(node)
  );
}

function inMesh(graph: ResourceGraph, workload: ResourceNode): boolean {
  const namespace = inSameCluster(graph, workload, "kubernetes:core/v1:Namespace").find(
    (node) => metadata(node, "name") === metadata(workload, "namespace"),
  );
  const labels = namespace === undefined ? undefined : metadata(namespace, "labels");
  return (
    field(labels, "istio-injection") === "enabled" ||
    field(labels, "istio.io/rev") !== undefined ||
    field(labels, "istio.io/dataplane-mode") === "ambient"
  );
}
