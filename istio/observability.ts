/**
 * What Prometheus, Kiali and Grafana have in common: a namespace in the mesh, so that metrics cross networks as every
 * other request does, and so that nobody in a cluster gets at them who is not meant to. Whoever may forward a port in
 * the namespace comes in behind the proxy.
 */
import type { IAuthorizationPolicy } from "@kubernetes-models/istio/security.istio.io/v1";
import { observabilityNamespace, serviceHost } from "../topology/names.ts";
import type { DashboardOutput } from "../topology/outputs.ts";
import type { ClusterPlan, LabPlan, ObservabilityPlan } from "../topology/types.ts";
import { meshNamespace } from "./namespaces.ts";
import { type KubernetesObject, securityApi } from "./object.ts";
import { configuredBy, meshOf } from "./plan-queries.ts";

/** The port of Prometheus, and the only one that the proxies beside it, Kiali and Grafana take hold of. */
export const storePort = 9090;
export const grafanaPort = 3000;
/** Port of chart kiali-server. */
const kialiPort = 20001;

/** The store's address, the same in every cluster of the mesh. */
export const storeUrl = `http://${serviceHost("prometheus", observabilityNamespace)}:${String(storePort)}`;

/** Service accounts, by which the mesh knows who asks. That of Kiali is made by its chart. */
export const accounts = {
  store: "prometheus",
  agent: "prometheus-agent",
  grafana: "grafana",
  kiali: "kiali",
} as const;

/**
 * Leaves everything but the store's port to the pod itself: what is scraped answers outside of mutual TLS
 * (https://istio.io/latest/docs/ops/integrations/prometheus/), and API servers of other clusters are no hosts that a mesh
 * with REGISTRY_ONLY knows.
 */
export const onlyStoreThroughProxy: Readonly<Record<string, string>> = {
  "traffic.sidecar.istio.io/includeOutboundIPRanges": "",
  "traffic.sidecar.istio.io/includeOutboundPorts": String(storePort),
};

/** What the level `restricted` asks of a container (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export const unprivileged = {
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** In the order in which they are made. */
export interface ObservabilityObjects {
  readonly namespace: KubernetesObject;
  readonly policies: KubernetesObject[];
}

/** A part: what its pods need beforehand, then the pods and the Service before them. */
export interface PartObjects {
  readonly settings: KubernetesObject[];
  readonly workloads: KubernetesObject[];
}

export function observabilityObjects(lab: LabPlan, cluster: ClusterPlan): ObservabilityObjects {
  const mesh = meshOf(lab, cluster);
  return {
    namespace: meshNamespace(mesh, observabilityNamespace, mesh.follows),
    policies: configuredBy(lab, cluster).length === 0 ? [] : [denied(), ...allowed(lab, cluster)],
  };
}

/** The plan of a cluster that has one, as its caller knows. */
export function observabilityOf({ name, observability }: ClusterPlan): ObservabilityPlan {
  if (observability === undefined) throw new Error(`Cluster "${name}" has no observability in the plan.`);
  return observability;
}

/** Whether other clusters write to the store of this one's mesh. */
export function hasAgents(lab: LabPlan, { mesh }: ClusterPlan): boolean {
  return lab.clusters.filter((each) => each.mesh === mesh && each.observability !== undefined).length > 1;
}

/** Allows nothing, so that what no other policy allows is denied: Kiali, which may be anonymous, to all pods. */
function denied(): KubernetesObject {
  return {
    apiVersion: securityApi,
    kind: "AuthorizationPolicy",
    metadata: { name: "default-deny", namespace: observabilityNamespace },
    spec: {},
  };
}

/** Who may ask the store, the same in every primary as all that Istio is told; by identity and port alone, which ztunnel can judge too. */
function allowed(lab: LabPlan, cluster: ClusterPlan): KubernetesObject[] {
  const { trustDomain } = meshOf(lab, cluster);
  const { store } = observabilityOf(cluster);
  const shown = lab.clusters.find(({ name }) => name === store)?.observability;
  const callers = [
    ...(shown?.grafana ? [accounts.grafana] : []),
    ...(shown?.kiali === undefined ? [] : [accounts.kiali]),
    ...(hasAgents(lab, cluster) ? [accounts.agent] : []),
  ];
  if (callers.length === 0) return [];
  const principals = callers.map((account) => `${trustDomain}/ns/${observabilityNamespace}/sa/${account}`);
  return [
    {
      apiVersion: securityApi,
      kind: "AuthorizationPolicy",
      metadata: { name: "prometheus", namespace: observabilityNamespace },
      spec: {
        selector: { matchLabels: { app: "prometheus" } },
        action: "ALLOW",
        rules: [{ from: [{ source: { principals } }], to: [{ operation: { ports: [String(storePort)] } }] }],
      } satisfies IAuthorizationPolicy["spec"],
    },
  ];
}

/** What somebody can look at in a cluster, sorted by name. */
export function dashboardsOf({ name, observability }: ClusterPlan): DashboardOutput[] {
  if (observability?.store !== name) return [];
  const namespace = observabilityNamespace;
  const { grafana, kiali } = observability;
  return [
    ...(grafana
      ? [{ name: "grafana", namespace, service: "grafana", port: grafanaPort, login: "password" } as const]
      : []),
    ...(kiali === undefined
      ? []
      : [
          {
            name: "kiali",
            namespace,
            service: "kiali",
            port: kialiPort,
            login: kiali.login === "token" ? "token" : "none",
          } as const,
        ]),
    { name: "prometheus", namespace, service: "prometheus", port: storePort, login: "none" },
  ];
}
