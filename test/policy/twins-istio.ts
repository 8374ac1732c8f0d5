/** What the policies after Istio's best practices must catch. */
import type { JsonObject } from "../../lab/recorder/graph.ts";
import { withInputs } from "../laws/mistakes.ts";
import {
  asIs,
  authorization,
  curl,
  door,
  eastWest,
  ingress,
  inside,
  instead,
  istiod,
  failoverFilter,
  mtls,
  port,
  role,
  rule,
  type Twin,
} from "./mistakes.ts";

/** Changes the clusters of sidecars. */
const patch = (value: JsonObject, applyTo = "CLUSTER"): JsonObject => ({
  applyTo,
  match: { context: "SIDECAR_OUTBOUND" },
  patch: { operation: "MERGE", value },
});

export const istioTwins: Readonly<Record<string, readonly Twin[]>> = {
  "istio-mtls-strict": [
    {
      ...istiod,
      right: withInputs({ chart: "/charts/istiod" }),
      wrong: withInputs({ chart: "/charts/istiod", namespace: "elsewhere" }),
    },
    {
      ...istiod,
      right: inside(["values", "global", "multiCluster", "clusterName"], "west"),
      wrong: inside(["values", "global", "multiCluster", "clusterName"], "nowhere"),
    },
    { ...mtls, wrong: inside(["spec", "mtls", "mode"], "PERMISSIVE"), about: /::east-istio-istiod lets/ },
    { ...mtls, wrong: inside(["metadata", "namespace"], "curl"), about: /::east-istio-istiod lets/ },
  ],
  "istio-mtls-not-disabled": [
    { ...mtls, wrong: inside(["spec", "portLevelMtls"], { "8080": { mode: "DISABLE" } }) },
    { ...rule, wrong: inside(["spec", "trafficPolicy", "tls"], { mode: "DISABLE" }) },
  ],
  "istio-authorization-default-deny": [
    {
      ...rule,
      right: authorization({}),
      wrong: authorization({ rules: [{}] }),
      about: /::east-istio-istiod has no AuthorizationPolicy/,
    },
    {
      ...rule,
      right: authorization({}),
      wrong: authorization({}, "curl"),
      about: /::east-istio-istiod has no AuthorizationPolicy/,
    },
    ...[
      { selector: { matchLabels: { app: "curl" } } },
      { targetRefs: [{ kind: "Gateway", group: "gateway.networking.k8s.io", name: "door" }] },
      { action: "AUDIT" },
      { action: "DENY" },
    ].map((spec) => ({
      ...rule,
      right: authorization({ action: "ALLOW" }),
      wrong: authorization(spec),
      about: /::east-istio-istiod has no AuthorizationPolicy/,
    })),
  ],
  "istio-authorization-allow-positive": [
    {
      ...mtls,
      right: authorization({ rules: [{ to: [{ operation: { paths: ["/public"] } }] }] }),
      wrong: authorization({ rules: [{ to: [{ operation: { notPaths: ["/admin"] } }] }] }),
    },
  ],
  "istio-authorization-deny-negative": [
    {
      ...mtls,
      right: authorization({ action: "DENY", rules: [{ to: [{ operation: { notPaths: ["/public"] } }] }] }),
      wrong: authorization({ action: "DENY", rules: [{ to: [{ operation: { paths: ["/admin"] } }] }] }),
    },
    {
      ...mtls,
      right: authorization({
        action: "DENY",
        rules: [{ from: [{ source: { principals: ["x/*"] } }], when: [{ key: "connection.sni", notValues: ["a"] }] }],
      }),
      wrong: authorization({ action: "DENY", rules: [{ from: [{ source: { principals: ["x/*"] } }] }] }),
    },
  ],
  "istio-path-normalization": [
    {
      ...istiod,
      right: inside(["values", "meshConfig", "pathNormalization"], { normalization: "MERGE_SLASHES" }),
      wrong: inside(["values", "meshConfig", "pathNormalization"], { normalization: "NONE" }),
    },
  ],
  "istio-egress-not-by-registry-alone": [
    { ...istiod, wrong: inside(["values", "meshConfig", "outboundTrafficPolicy"], { mode: "REGISTRY_ONLY" }) },
  ],
  "istio-tls-origination-verified": [
    {
      ...rule,
      right: inside(["spec", "trafficPolicy", "tls"], { mode: "SIMPLE", caCertificates: "system" }),
      wrong: inside(["spec", "trafficPolicy", "tls"], { mode: "SIMPLE" }),
    },
    {
      ...rule,
      right: inside(["spec", "trafficPolicy", "tls"], { mode: "ISTIO_MUTUAL" }),
      wrong: inside(["spec", "trafficPolicy", "tls"], {
        mode: "MUTUAL",
        caCertificates: "system",
        insecureSkipVerify: true,
      }),
    },
  ],
  "istio-gateway-creation-restricted": [
    {
      ...mtls,
      right: role({ apiGroups: ["networking.istio.io"], resources: ["gateways"], verbs: ["get"] }),
      wrong: role({ apiGroups: ["networking.istio.io"], resources: ["gateways"], verbs: ["create"] }),
    },
  ],
  "istio-gateway-hosts-narrow": [
    { ...door, right: inside(["spec", "servers"], [{ hosts: ["shop.example.com"] }]), wrong: asIs },
  ],
  "istio-gateway-tls-current": [
    {
      ...door,
      right: inside(["spec", "servers"], [{ tls: { minProtocolVersion: "TLSV1_3" } }]),
      wrong: inside(["spec", "servers"], [{ tls: { minProtocolVersion: "TLSV1_0" } }]),
    },
  ],
  "istio-protocol-declared": [
    { ...ingress, right: port({ name: "x", appProtocol: "http" }), wrong: port({ name: "web" }) },
  ],
  "istio-cni-instead-of-init": [{ ...istiod, right: inside(["values", "cni"], { enabled: true }), wrong: asIs }],
  "istio-images-distroless": [{ ...istiod, right: inside(["values", "global", "variant"], "distroless"), wrong: asIs }],
  "istio-one-version": [
    { ...istiod, wrong: withInputs({ version: "1.31.0" }) },
    { ...istiod, wrong: inside(["values", "global", "tag"], "1.30.0") },
  ],
  "istio-no-alpha-api": [
    { ...mtls, wrong: instead("kubernetes:networking.istio.io/v1alpha3:EnvoyFilter") },
    { ...failoverFilter, right: asIs, wrong: inside(["spec", "configPatches"], [patch({ connect_timeout: "1s" })]) },
    {
      ...failoverFilter,
      wrong: inside(["spec", "configPatches"], [patch({ common_lb_config: { healthy_panic_threshold: {} } })]),
    },
    {
      ...failoverFilter,
      wrong: inside(["spec", "configPatches"], [patch({ route: { retry_policy: { num_retries: 9 } } }, "HTTP_ROUTE")]),
    },
    { ...mtls, wrong: instead("kubernetes:telemetry.istio.io/v1alpha1:Telemetry") },
  ],
  "istio-debug-ports-closed": [
    {
      ...istiod,
      right: inside(["values", "env"], { ENABLE_DEBUG_ON_HTTP: "false" }),
      wrong: inside(["values", "env"], { ENABLE_DEBUG_ON_HTTP: "true" }),
    },
  ],
  "istio-plaintext-ports-not-exposed": [
    { ...eastWest, right: port({ port: 15012, targetPort: 15012 }), wrong: port({ targetPort: 15010 }) },
    { ...ingress, wrong: port({ port: 15000 }) },
  ],
  "istio-third-party-tokens": [
    {
      ...istiod,
      right: inside(["values", "global", "jwtPolicy"], "third-party-jwt"),
      wrong: inside(["values", "global", "jwtPolicy"], "first-party-jwt"),
    },
  ],
  "istio-downstream-connections-limited": [
    {
      ...istiod,
      right: inside(["values", "meshConfig", "defaultConfig"], {
        runtimeValues: { "overload.global_downstream_max_connections": "10000" },
      }),
      wrong: asIs,
    },
  ],
  "istio-workloads-are-injected": [
    {
      name: "east-curl",
      type: "kubernetes:core/v1:Namespace",
      right: inside(["metadata", "labels"], { "istio.io/rev": "stable" }),
      wrong: inside(["metadata", "labels"], {}),
      about: /::east-curl-curl runs outside/,
    },
  ],
  "istio-traffic-is-captured": [
    {
      ...curl,
      wrong: inside(["spec", "template", "metadata"], {
        annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "443" },
      }),
    },
    {
      ...curl,
      wrong: inside(["spec", "template", "metadata"], { labels: { "sidecar.istio.io/inject": "false" } }),
    },
  ],
  "istio-authorities-are-short-lived": [
    { name: "east-istio-cacerts-intermediate", wrong: withInputs({ validityPeriodHours: 24 * 365 }) },
    { name: "lab-trust-mesh1-root", wrong: withInputs({ validityPeriodHours: 24 * 3650 }) },
  ],
  "istio-authorities-use-p256": [
    { name: "lab-trust-mesh1-key", wrong: withInputs({ algorithm: "RSA" }) },
    { name: "east-istio-cacerts-key", wrong: withInputs({ ecdsaCurve: "P224" }) },
  ],
};
