/**
 * The service under load: an Envoy with nothing behind it, in the image that the mesh's proxies have, so that it is
 * there wherever the lab is. It tells who answered, and while it runs it can be told to answer badly or late: its fault
 * filter is off until the runtime says otherwise
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/fault_filter).
 */
import { stringify } from "yaml";
import { meshNamespace } from "../../../istio/namespaces.ts";
import type { KubernetesObject } from "../../../istio/object.ts";
import { configuredBy, configuredGateway, meshOf } from "../../../istio/plan-queries.ts";
import { failoverRule, ingressRoute, retryRoute } from "../../../istio/traffic.ts";
import type { ClusterPlan, LabPlan } from "../../../topology/types.ts";
import { adminPort, namespace, port, server } from "./names.ts";

/** The header in which the server says who it is: `cluster/node/pod`. */
export const answererHeader = "experiment-answerer";

const labels = { app: server };
/** Where the application listens in its pod. */
const targetPort = 8080;

const filter = (name: string, type: string, settings: object = {}) => ({
  name,
  typed_config: { "@type": `type.googleapis.com/envoy.extensions.filters.${type}`, ...settings },
});
const listensAt = (address: string, portNumber: number) => ({
  socket_address: { address, port_value: portNumber },
});
const answerer = "%ENVIRONMENT(CLUSTER)%/%ENVIRONMENT(NODE)%/%ENVIRONMENT(POD)%";
const said = { header: { key: answererHeader, value: answerer } };
const bad = { status_code_filter: { comparison: { op: "GE", value: { default_value: 400, runtime_key: "bad" } } } };
const never = { numerator: 0, denominator: "HUNDRED" };

const envoy = {
  admin: { address: listensAt("127.0.0.1", adminPort) },
  // What is set through the administration's /runtime_modify.
  layered_runtime: { layers: [{ name: "told", admin_layer: {} }] },
  static_resources: {
    listeners: [
      {
        address: listensAt("0.0.0.0", targetPort),
        filter_chains: [
          {
            filters: [
              filter(
                "envoy.filters.network.http_connection_manager",
                "network.http_connection_manager.v3.HttpConnectionManager",
                {
                  stat_prefix: server,
                  route_config: {
                    virtual_hosts: [
                      {
                        name: server,
                        domains: ["*"],
                        routes: [
                          {
                            match: { prefix: "/" },
                            direct_response: { status: 200 },
                            response_headers_to_add: [said],
                          },
                        ],
                      },
                    ],
                  },
                  // What the fault filter answers passes no route.
                  local_reply_config: { mappers: [{ filter: bad, headers_to_add: [said] }] },
                  http_filters: [
                    filter("envoy.filters.http.fault", "http.fault.v3.HTTPFault", {
                      abort: { http_status: 500, percentage: never },
                      delay: { fixed_delay: "1s", percentage: never },
                    }),
                    filter("envoy.filters.http.router", "http.router.v3.Router"),
                  ],
                },
              ),
            ],
          },
        ],
      },
    ],
  },
};

/** What runs in a cluster. */
export function serverObjects(lab: LabPlan, cluster: ClusterPlan, replicas: number): KubernetesObject[] {
  const mesh = meshOf(lab, cluster);
  const revision = cluster.samples[0]?.revision;
  return [
    meshNamespace(mesh, namespace, revision),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: server, namespace, labels } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: server, namespace, labels },
      data: { "envoy.yaml": stringify(envoy) },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: server, namespace, labels },
      spec: { selector: labels, ports: [{ name: "http", port, targetPort }] },
    },
    deployment(cluster.name, `${lab.artifacts.istioImages}/proxyv2:${mesh.version}`, replicas),
  ];
}

/** The path by which users outside reach the service, where the lab has an ingress gateway. */
export const outsidePath = "/experiment";

/** The policy that the lab ships, for this service: see istio/traffic.ts. Empty in a cluster that configures no other. */
export function serverPolicy(lab: LabPlan, cluster: ClusterPlan): KubernetesObject[] {
  const { failover, dataPlane } = meshOf(lab, cluster);
  if (configuredBy(lab, cluster).length === 0) return [];
  const ingress = configuredGateway(lab, cluster, "ingress");
  return [
    ...(failover ? [failoverRule(server, namespace, failover, dataPlane)] : []),
    ...(failover && dataPlane === "sidecar" ? [retryRoute(server, namespace, port, failover)] : []),
    ...(ingress ? [ingressRoute(server, namespace, port, [{ exact: outsidePath }], ingress, failover)] : []),
  ];
}

function deployment(cluster: string, image: string, replicas: number): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: server, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: server,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "ScheduleAnyway",
              // Pods that are being replaced do not count.
              matchLabelKeys: ["pod-template-hash"],
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [
            {
              name: server,
              image,
              imagePullPolicy: "IfNotPresent",
              // Beside a sidecar: hot restart would find the sidecar's socket in the network namespace that they share.
              command: ["/usr/local/bin/envoy", "--disable-hot-restart", "--concurrency", "1", "--log-level", "warn"],
              args: ["--config-path", "/etc/server/envoy.yaml"],
              env: [
                { name: "CLUSTER", value: cluster },
                { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              ],
              ports: [{ containerPort: targetPort }],
              // Asks the port alone, since a sick answer must not take the pod out of service.
              readinessProbe: { tcpSocket: { port: targetPort }, periodSeconds: 1, failureThreshold: 2 },
              // Still serves until its callers' proxies have heard that it is going, as the samples do.
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              resources: { requests: { cpu: "10m", memory: "32Mi" } },
              volumeMounts: [{ name: "envoy", mountPath: "/etc/server" }],
            },
          ],
          volumes: [{ name: "envoy", configMap: { name: server } }],
        },
      },
    },
  };
}
