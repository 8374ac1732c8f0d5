/**
 * Prometheus: in each cluster one gathers metrics; of several, one keeps those of all and the others send theirs to it as
 * agents (https://prometheus.io/docs/prometheus/latest/prometheus_agent/). Through the mesh, since the store has a name in
 * every cluster and pods in one: where networks differ, requests to it go from east-west gateway to east-west gateway.
 * What is gathered is what Istio's own add-on gathers that a lab looks at
 * (https://github.com/istio/istio/blob/1.31.1/samples/addons/prometheus.yaml).
 */
import { hash, observabilityNamespace } from "../topology/names.ts";
import type { ClusterPlan, Json, LabPlan } from "../topology/types.ts";
import { globalLabels } from "./ambient.ts";
import type { KubernetesObject } from "./object.ts";
import {
  accounts,
  hasAgents,
  observabilityOf,
  onlyStoreThroughProxy,
  type PartObjects,
  storePort,
  storeUrl,
  unprivileged,
} from "./observability.ts";
import { meshOf } from "./plan-queries.ts";

/** 3.13 is cared for until July 2027 (https://prometheus.io/docs/introduction/release-cycle/). */
export const prometheusImage = "prom/prometheus:v3.13.3";

/** By it tenants know Prometheus, store or agent. */
export const prometheusLabel = { "app.kubernetes.io/name": "prometheus" } as const;

const namespace = observabilityNamespace;
const configFolder = "/etc/prometheus";
const dataFolder = "/prometheus";

export function prometheusObjects(lab: LabPlan, cluster: ClusterPlan): PartObjects {
  const isStore = keepsMetrics(cluster);
  const name = isStore ? accounts.store : accounts.agent;
  const text = JSON.stringify(prometheusConfig(lab, cluster));
  return {
    settings: [
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
      ...rights(name),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { "prometheus.yml": text } },
    ],
    workloads: [deployment(lab, cluster, name, hash(text).toString(16)), service(lab, cluster)],
  };
}

const keepsMetrics = (cluster: ClusterPlan): boolean => observabilityOf(cluster).store === cluster.name;

/** The settings of a cluster's Prometheus; JSON is YAML. An agent refuses those of a store. */
export function prometheusConfig(lab: LabPlan, cluster: ClusterPlan): Json {
  const { name } = cluster;
  const late = hasAgents(lab, cluster) ? { out_of_order_time_window: longestHeldBack } : {};
  return {
    global: { scrape_interval: "15s", scrape_timeout: "10s" },
    scrape_configs: [pods(name), containers(name)],
    ...(keepsMetrics(cluster)
      ? { storage: { tsdb: { retention: { time: "2d", size: "1GB" }, ...late } } }
      : { remote_write: [{ name: "store", url: `${storeUrl}/api/v1/write` }] }),
  };
}

/**
 * As long as an agent keeps what it cannot send (`--storage.agent.retention.max-time`). A store by itself refuses what is
 * an hour older than its own newest sample, and an agent throws away what is refused.
 */
const longestHeldBack = "4h";

const meta = (name: string): string => `__meta_kubernetes_${name}`;
const scrapeAnnotation = (name: string): string => meta(`pod_annotation_prometheus_io_${name}`);

/** Last, so that no label of a pod takes its place. */
const ofCluster = (name: string): Json => ({ target_label: "cluster", replacement: name });

/** Pods that say so: istiod, and every proxy, which adds what its application has (`enablePrometheusMerge`). */
function pods(cluster: string): Json {
  const taken = (source: string, target: string, regex?: string): Json => ({
    source_labels: [source],
    target_label: target,
    ...(regex === undefined ? {} : { regex }),
  });
  return {
    job_name: "kubernetes-pods",
    // A metric's own labels win, as Istio's dashboards expect.
    honor_labels: true,
    kubernetes_sd_configs: [{ role: "pod" }],
    relabel_configs: [
      { action: "keep", source_labels: [scrapeAnnotation("scrape")], regex: "true" },
      { action: "drop", source_labels: [meta("pod_phase")], regex: "Pending|Succeeded|Failed|Completed" },
      taken(scrapeAnnotation("scheme"), "__scheme__", "(https?)"),
      taken(scrapeAnnotation("path"), "__metrics_path__", "(.+)"),
      {
        source_labels: [scrapeAnnotation("port"), meta("pod_ip")],
        regex: String.raw`(\d+);((?:\d+\.){3}\d+)`,
        replacement: "$2:$1",
        target_label: "__address__",
      },
      { action: "labelmap", regex: meta("pod_label_(.+)") },
      taken(meta("namespace"), "namespace"),
      taken(meta("pod_name"), "pod"),
      taken(meta("pod_node_name"), "node"),
      ofCluster(cluster),
    ],
    metric_relabel_configs: [...asToldBy(cluster)],
  };
}

/**
 * Where istiod tells of a cluster that it reads, the metric's own label `cluster` is that one's name
 * (istio/istio: pkg/kube/multicluster/secretcontroller.go). It moves, since `cluster` is here where the sample was taken.
 */
function asToldBy(cluster: string): Json[] {
  const ofOthers = "(istiod_remote_cluster|remote_cluster|controller_sync)_.+";
  return [
    {
      source_labels: ["__name__", "cluster"],
      regex: `${ofOthers};(.+)`,
      target_label: "remote_cluster",
      replacement: "$2",
    },
    { source_labels: ["__name__"], regex: ofOthers, ...(ofCluster(cluster) as object) },
  ];
}

/** What Istio's dashboards show of containers, of all that a kubelet knows. */
function containers(cluster: string): Json {
  const account = "/var/run/secrets/kubernetes.io/serviceaccount";
  return {
    job_name: "kubernetes-nodes-cadvisor",
    scheme: "https",
    metrics_path: "/metrics/cadvisor",
    authorization: { credentials_file: `${account}/token` },
    // The certificates of kubelets are not everywhere of the cluster's own authority.
    tls_config: { insecure_skip_verify: true },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [ofCluster(cluster)],
    metric_relabel_configs: [
      {
        action: "keep",
        source_labels: ["__name__"],
        regex: "container_(cpu_usage_seconds_total|memory_working_set_bytes|fs_usage_bytes)",
      },
    ],
  };
}

/** To find pods and nodes, and to ask kubelets. */
function rights(account: string): KubernetesObject[] {
  const api = "rbac.authorization.k8s.io/v1";
  const name = `istio-lab-${account}`;
  return [
    {
      apiVersion: api,
      kind: "ClusterRole",
      metadata: { name },
      rules: [
        { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
        { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      ],
    },
    {
      apiVersion: api,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
  ];
}

/**
 * The name of the store. In the clusters of its agents it selects no pods: there the mesh alone knows who is behind it
 * (https://istio.io/latest/docs/ops/configuration/traffic-management/multicluster/).
 */
function service(lab: LabPlan, cluster: ClusterPlan): KubernetesObject {
  const mesh = meshOf(lab, cluster);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: accounts.store,
      namespace,
      labels: { app: "prometheus", ...(mesh.dataPlane === "ambient" ? globalLabels(mesh) : {}) },
    },
    spec: {
      type: "ClusterIP",
      ...(keepsMetrics(cluster) ? { selector: { app: accounts.store } } : {}),
      ports: [{ name: "http", port: storePort, targetPort: storePort }],
    },
  };
}

function deployment(lab: LabPlan, cluster: ClusterPlan, name: string, mark: string): KubernetesObject {
  const labels = { app: name, ...prometheusLabel };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      // Two stores at a time would each get half of what the agents send.
      strategy: { type: "Recreate" },
      template: {
        metadata: {
          labels,
          annotations: {
            ...onlyStoreThroughProxy,
            "prometheus.io/scrape": "true",
            "prometheus.io/port": String(storePort),
            "istio-lab/config": mark,
          },
        },
        spec: {
          serviceAccountName: name,
          containers: [container(lab, cluster)],
          volumes: [
            { name: "config", configMap: { name } },
            { name: "data", emptyDir: { sizeLimit: "2Gi" } },
          ],
        },
      },
    },
  };
}

function container(lab: LabPlan, cluster: ClusterPlan): Json {
  const probe = (path: string): Json => ({ httpGet: { path, port: storePort }, periodSeconds: 5 });
  return {
    name: "prometheus",
    image: `${lab.artifacts.observabilityImages}/${prometheusImage}`,
    imagePullPolicy: "IfNotPresent",
    args: [`--config.file=${configFolder}/prometheus.yml`, ...storageArguments(lab, cluster)],
    ports: [{ containerPort: storePort }],
    readinessProbe: probe("/-/ready"),
    livenessProbe: { ...(probe("/-/healthy") as object), initialDelaySeconds: 30 },
    resources: { requests: { cpu: "50m", memory: keepsMetrics(cluster) ? "256Mi" : "128Mi" } },
    // The image's own user, `nobody`.
    securityContext: { ...unprivileged, runAsUser: 65534 },
    volumeMounts: [
      { name: "config", mountPath: configFolder },
      { name: "data", mountPath: dataFolder },
    ],
  };
}

function storageArguments(lab: LabPlan, cluster: ClusterPlan): string[] {
  if (!keepsMetrics(cluster)) return ["--agent", `--storage.agent.path=${dataFolder}`];
  return [
    `--storage.tsdb.path=${dataFolder}`,
    ...(hasAgents(lab, cluster) ? ["--web.enable-remote-write-receiver"] : []),
  ];
}
