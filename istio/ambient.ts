/**
 * What ambient has in the place of sidecars: waypoints, and east-west gateways that speak HBONE. Both are Gateways of the
 * Kubernetes Gateway API for which istiod makes the pods (https://istio.io/latest/docs/ambient/install/multicluster/).
 */
import type { ClusterPlan, GatewayPlan, MeshPlan } from "../topology/types.ts";
import { loadBalancerAnnotations, loadBalancerClass } from "./gateway-service.ts";
import { gatewayApi, type KubernetesObject } from "./object.ts";

const hbone = { name: "mesh", port: 15008, protocol: "HBONE" } as const;

/** The waypoint of a namespace: its layer 7 proxy. Named the same in every cluster, as a service that is global must be. */
export const waypointName = "waypoint";

/** Labels by which a service, or a waypoint, is known in the clusters of other networks too. */
export function globalLabels(mesh: MeshPlan): Record<string, string> {
  return mesh.multiNetwork ? { "istio.io/global": "true" } : {};
}

export function waypoint(mesh: MeshPlan, namespace: string): KubernetesObject {
  const labels = globalLabels(mesh);
  return {
    apiVersion: gatewayApi,
    kind: "Gateway",
    metadata: { name: waypointName, namespace, labels: { "istio.io/waypoint-for": "service", ...labels } },
    spec: {
      gatewayClassName: "istio-waypoint",
      listeners: [hbone],
      // The Service that istiod makes carries these.
      ...(mesh.multiNetwork ? { infrastructure: { labels } } : {}),
    },
  };
}

/** The way in from the other networks. */
export function hboneGateway(cluster: ClusterPlan, gateway: GatewayPlan): KubernetesObject {
  const annotations = gateway.service === undefined ? { annotations: loadBalancerAnnotations(gateway) } : {};
  return {
    apiVersion: gatewayApi,
    kind: "Gateway",
    metadata: {
      name: gateway.release,
      namespace: gateway.namespace,
      labels: { "topology.istio.io/network": cluster.network },
    },
    spec: {
      gatewayClassName: "istio-east-west",
      listeners: [
        { ...hbone, tls: { mode: "Terminate", options: { "gateway.istio.io/tls-terminate-mode": "ISTIO_MUTUAL" } } },
      ],
      infrastructure: { ...annotations, parametersRef: { group: "", kind: "ConfigMap", name: gateway.release } },
    },
  };
}

/**
 * What istiod lays over the Deployment and the Service that it makes for the gateway
 * (https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment). JSON is YAML.
 */
export function hboneGatewayParameters(gateway: GatewayPlan): KubernetesObject {
  const service = loadBalancerClass(gateway);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: gateway.release, namespace: gateway.namespace },
    data: {
      deployment: JSON.stringify({ spec: { replicas: gateway.replicas } }),
      ...(Object.keys(service).length === 0 ? {} : { service: JSON.stringify({ spec: service }) }),
    },
  };
}
