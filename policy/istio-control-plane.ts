/** The part of Istio's security best practices that its charts and authorities decide; see istio-objects.ts. */
import type { ResourceNode } from "../lab/recorder/graph.ts";
import { bestPractices as page, chartOf, istiods, value } from "./laws/istio.ts";
import { clusterOf, releaseOf, releaseType } from "./laws/law.ts";
import type { Policies } from "./policy.ts";

export const istioControlPlanePolicies: Policies = {
  "istio-path-normalization": {
    what: "Proxies normalize paths before policies judge them.",
    source: `${page}#customize-your-system-on-path-normalization`,
    severity: "high",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => value(istiod, "meshConfig", "pathNormalization", "normalization") === "NONE")
        .map(({ urn }) => `${urn} judges paths as they come.`),
  },
  "istio-egress-not-by-registry-alone": {
    what: "Where only registered hosts may be called, an egress gateway enforces it.",
    source: `${page}#securing-egress-traffic`,
    severity: "low",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => value(istiod, "meshConfig", "outboundTrafficPolicy", "mode") === "REGISTRY_ONLY")
        .filter((istiod) => releaseOf(graph, istiod, "istio-egressgateway") === undefined)
        .map(({ urn }) => `${urn} relies on REGISTRY_ONLY, which any pod can get around.`),
  },
  "istio-cni-instead-of-init": {
    what: "istio-cni redirects traffic, so that pods need no NET_ADMIN.",
    source: `${page}#cni`,
    severity: "low",
    law: (graph) =>
      istiods(graph)
        .filter(
          (istiod) => value(istiod, "cni", "enabled") !== true && value(istiod, "pilot", "cni", "enabled") !== true,
        )
        .map(({ urn }) => `${urn} gives each pod's first container NET_ADMIN and NET_RAW.`),
  },
  "istio-images-distroless": {
    what: "Istio's images have no shell.",
    source: `${page}#use-hardened-docker-images`,
    severity: "low",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => value(istiod, "global", "variant") !== "distroless")
        .map(({ urn }) => `${urn} runs images with a shell.`),
  },
  "istio-one-version": {
    what: "All of Istio in a cluster is of its control plane's version, charts and images.",
    source: `${page}#release-and-security-policy`,
    severity: "high",
    law: (graph) =>
      graph
        .byType(releaseType)
        .filter((release) => ["base", "cni", "gateway", "istiod", "ztunnel"].includes(chartOf(release)))
        .filter((release) => {
          const there = istiods(graph).filter((istiod) => clusterOf(graph, istiod) === clusterOf(graph, release));
          const same = (istiod: ResourceNode) => new Set([...versions(istiod), ...versions(release)]).size <= 1;
          return there.length > 0 && !there.some(same);
        })
        .map(({ urn }) => `${urn} is of another version than istiod.`),
  },
  "istio-debug-ports-closed": {
    what: "istiod answers no questions about the mesh without asking who asks.",
    source: `${page}#control-plane`,
    severity: "low",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => String(value(istiod, "env", "ENABLE_DEBUG_ON_HTTP")) !== "false")
        .map(({ urn }) => `${urn} answers on port 8080 whoever asks.`),
  },
  "istio-third-party-tokens": {
    what: "Proxies prove themselves by tokens that end.",
    source: `${page}#configure-third-party-service-account-tokens`,
    severity: "high",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => value(istiod, "global", "jwtPolicy") === "first-party-jwt")
        .map(({ urn }) => `${urn} takes tokens that have no end.`),
  },
  "istio-downstream-connections-limited": {
    what: "A gateway takes no more connections than it can serve.",
    source: `${page}#configure-a-limit-on-downstream-connections`,
    severity: "low",
    law: (graph) =>
      istiods(graph)
        .filter((istiod) => !/downstream_(max_)?connections/.test(JSON.stringify(istiod.inputs["values"] ?? {})))
        .map(({ urn }) => `${urn} sets no limit of connections.`),
  },
  "istio-authorities-are-short-lived": {
    what: "An intermediate lives for 90 days at most, a root for a year.",
    source: "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
    severity: "medium",
    law: (graph) => [
      ...graph
        .byType("tls:index/locallySignedCert:LocallySignedCert")
        .filter(({ inputs }) => Number(inputs["validityPeriodHours"]) > 90 * 24)
        .map(({ urn }) => `${urn} lives for more than 90 days.`),
      ...graph
        .byType("tls:index/selfSignedCert:SelfSignedCert")
        .filter(({ inputs }) => Number(inputs["validityPeriodHours"]) > 366 * 24)
        .map(({ urn }) => `${urn} lives for more than a year.`),
    ],
  },
  "istio-authorities-use-p256": {
    what: "Keys of authorities are P-256, which Istio reads and nobody has broken.",
    source: "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
    severity: "high",
    law: (graph) =>
      graph
        .byType("tls:index/privateKey:PrivateKey")
        .filter(({ inputs }) => inputs["algorithm"] !== "ECDSA" || inputs["ecdsaCurve"] !== "P256")
        .map(({ urn }) => `${urn} is no P-256 key.`),
  },
};

/** Of the chart, unless it comes out of a folder, and of the images. */
function versions(release: ResourceNode): readonly unknown[] {
  return [release.inputs["version"], value(release, "global", "tag")].filter((version) => version !== undefined);
}
