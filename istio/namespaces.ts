/** Namespaces and the labels by which Istio reads them. */
import type { ClusterPlan, MeshPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";

/** The root namespace of the mesh: istiod, its configuration, and the gateways that are nobody's in particular. */
export const istioNamespace = "istio-system";

/** What Istio calls the revision of a control plane that is given no name; `istio-injection: enabled` leads to it. */
export const defaultRevision = "default";

/**
 * The namespace of istiod. Its label tells istiod the network of this cluster's pods
 * (https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/).
 */
export function systemNamespace(cluster: ClusterPlan): KubernetesObject {
  return namespace(istioNamespace, { "topology.istio.io/network": cluster.network });
}

/** Namespaces of gateways other than istiod's own. */
export function gatewayNamespaces(cluster: ClusterPlan): KubernetesObject[] {
  const names = new Set(cluster.gateways.map((gateway) => gateway.namespace));
  names.delete(istioNamespace);
  return [...names].sort().map((name) => namespace(name, {}));
}

/**
 * A namespace whose pods are in the mesh: each gets a sidecar as it is made, or its node's ztunnel takes its traffic
 * (https://istio.io/latest/docs/ambient/usage/add-workloads/).
 */
export function meshNamespace(mesh: MeshPlan, name: string): KubernetesObject {
  return namespace(
    name,
    mesh.dataPlane === "ambient" ? { "istio.io/dataplane-mode": "ambient" } : { "istio-injection": "enabled" },
  );
}

function namespace(name: string, labels: Readonly<Record<string, string>>): KubernetesObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}
