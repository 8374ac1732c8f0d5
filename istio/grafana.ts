/** Grafana with Istio's own dashboards (https://istio.io/latest/docs/ops/integrations/grafana/). */
import { hash, observabilityNamespace } from "../topology/names.ts";
import type { ClusterPlan, Json, LabPlan, MeshPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";
import {
  accounts,
  grafanaPort,
  onlyStoreThroughProxy,
  type PartObjects,
  storeUrl,
  unprivileged,
} from "./observability.ts";
import { meshOf } from "./plan-queries.ts";
import { curlImage } from "./samples.ts";

/** The last minor of the major that Istio's add-on has (https://grafana.com/docs/grafana/latest/upgrade-guide/when-to-upgrade/). */
const grafanaImage = "grafana/grafana:12.4.10";

/** Key in Grafana's Secret. */
export const passwordKey = "admin-password";

const namespace = observabilityNamespace;
const name = accounts.grafana;
const passwordFolder = "/etc/grafana/password";
const dashboardFolder = "/var/lib/istio-dashboards";

/** File names in https://github.com/istio/istio/tree/1.31.1/manifests/addons/dashboards. */
const dashboards = [
  "istio-mesh-dashboard.gen.json",
  "istio-service-dashboard.json",
  "istio-workload-dashboard.json",
  "istio-performance-dashboard.json",
  "istio-extension-dashboard.json",
  "pilot-dashboard.gen.json",
];
const ambientDashboards = ["ztunnel-dashboard.gen.json"];

export function grafanaObjects(lab: LabPlan, cluster: ClusterPlan): PartObjects {
  const data = { "datasources.yaml": JSON.stringify(datasources), "dashboards.yaml": JSON.stringify(providers) };
  return {
    settings: [
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace }, automountServiceAccountToken: false },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data },
    ],
    workloads: [deployment(lab, meshOf(lab, cluster), hash(JSON.stringify(data)).toString(16)), service()],
  };
}

/** The Secret with the password, which only the resource that makes it up knows. */
export function grafanaSecret(): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { name, namespace } };
}

const datasources = {
  apiVersion: 1,
  datasources: [
    {
      name: "Prometheus",
      type: "prometheus",
      url: storeUrl,
      access: "proxy",
      isDefault: true,
      jsonData: { timeInterval: "15s" },
    },
  ],
};

const providers = {
  apiVersion: 1,
  providers: [{ name: "istio", folder: "Istio", type: "file", options: { path: dashboardFolder } }],
};

/** Where the dashboards of a mesh are: they are of its version, as the metrics that they show. */
export function dashboardUrls({ artifacts }: LabPlan, { version, dataPlane }: MeshPlan): string[] {
  const base = artifacts.grafanaDashboards.replace(/\/+$/, "").replaceAll("{version}", version);
  return [...dashboards, ...(dataPlane === "ambient" ? ambientDashboards : [])].map((file) => `${base}/${file}`);
}

function service(): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      type: "ClusterIP",
      selector: { app: name },
      ports: [{ name: "http", port: grafanaPort, targetPort: grafanaPort }],
    },
  };
}

function deployment(lab: LabPlan, mesh: MeshPlan, mark: string): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { ...onlyStoreThroughProxy, "istio-lab/config": mark } },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          initContainers: [fetching(lab, mesh)],
          containers: [grafana(lab)],
          volumes: [
            { name: "settings", configMap: { name } },
            { name: "password", secret: { secretName: name } },
            ...["data", "dashboards", "tmp"].map((volume) => ({ name: volume, emptyDir: { sizeLimit: "512Mi" } })),
          ],
        },
      },
    },
  };
}

/** Comes before the proxy, which takes hold of the store's port alone. */
function fetching(lab: LabPlan, mesh: MeshPlan): Json {
  return {
    name: "dashboards",
    image: `${lab.artifacts.observabilityImages}/${curlImage}`,
    imagePullPolicy: "IfNotPresent",
    command: ["curl"],
    args: [
      ...["--fail", "--silent", "--show-error", "--location", "--retry", "5", "--retry-all-errors"],
      ...["--output-dir", dashboardFolder, "--remote-name-all"],
      ...dashboardUrls(lab, mesh),
    ],
    resources: { requests: { cpu: "10m", memory: "16Mi" } },
    securityContext: { ...unprivileged, runAsUser: 100 },
    volumeMounts: [{ name: "dashboards", mountPath: dashboardFolder }],
  };
}

function grafana(lab: LabPlan): Json {
  const settings: Record<string, string> = {
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_LOG_MODE: "console",
    // What it would otherwise tell and ask of its makers, and fetch at its start.
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_SECURITY_ADMIN_USER: "admin",
    // A file and no variable, which would be told to whoever may describe the pod's processes.
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${passwordFolder}/${passwordKey}`,
  };
  const provisioned = (file: string, folder: string): Json => ({
    name: "settings",
    mountPath: `/etc/grafana/provisioning/${folder}/${file}`,
    subPath: file,
  });
  return {
    name,
    image: `${lab.artifacts.observabilityImages}/${grafanaImage}`,
    imagePullPolicy: "IfNotPresent",
    ports: [{ containerPort: grafanaPort }],
    env: Object.entries(settings).map(([variable, value]) => ({ name: variable, value })),
    readinessProbe: { httpGet: { path: "/api/health", port: grafanaPort }, periodSeconds: 5 },
    resources: { requests: { cpu: "50m", memory: "128Mi" } },
    // The image's own user.
    securityContext: { ...unprivileged, runAsUser: 472 },
    volumeMounts: [
      provisioned("datasources.yaml", "datasources"),
      provisioned("dashboards.yaml", "dashboards"),
      { name: "dashboards", mountPath: dashboardFolder, readOnly: true },
      { name: "password", mountPath: passwordFolder, readOnly: true },
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
