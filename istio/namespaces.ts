/** Namespaces and the labels by which Istio reads them. */
import { isRemote } from "../topology/queries.ts";
import type { RevisionTag } from "../topology/schema.ts";
import type { ClusterPlan, LabPlan, MeshPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";
import { istiodClusterId, primaryOf } from "./plan-queries.ts";

/**
 * The namespace of istiod, or of what stands for it. Its label tells istiod the network of this cluster's pods
 * (https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/); in a remote, its annotation
 * says whose istiod looks after the webhooks and root certificates here.
 */
export function systemNamespace(lab: LabPlan, cluster: ClusterPlan): KubernetesObject {
  const object = namespace(cluster.istioNamespace, { "topology.istio.io/network": cluster.network });
  if (!isRemote(cluster)) return object;
  const annotations = { "topology.istio.io/controlPlaneClusters": istiodClusterId(primaryOf(lab, cluster)) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The namespace of an istiod that serves other clusters than the one it runs in. */
export function externalNamespace(name: string): KubernetesObject {
  return namespace(name, {});
}

/** Namespaces of gateways other than istiod's own. */
export function gatewayNamespaces(cluster: ClusterPlan): KubernetesObject[] {
  const names = new Set(cluster.gateways.map((gateway) => gateway.namespace));
  names.delete(cluster.istioNamespace);
  return [...names].sort().map((name) => namespace(name, {}));
}

/**
 * A namespace whose pods are in the mesh: each gets a sidecar as it is made, or its node's ztunnel takes its traffic
 * (https://istio.io/latest/docs/ambient/usage/add-workloads/).
 */
export const meshNamespace = (mesh: MeshPlan, name: string, revision?: RevisionTag): KubernetesObject =>
  namespace(name, membership(mesh, revision));

/** The labels by which a namespace is a member of a mesh. */
export function membership(
  { dataPlane }: Pick<MeshPlan, "dataPlane">,
  revision?: RevisionTag,
): Readonly<Record<string, string>> {
  if (dataPlane === "ambient") return { "istio.io/dataplane-mode": "ambient" };
  // The first label would win over the second (https://istio.io/latest/docs/setup/upgrade/canary/#data-plane).
  return revision === undefined ? { "istio-injection": "enabled" } : { "istio.io/rev": revision };
}

function namespace(name: string, labels: Readonly<Record<string, string>>): KubernetesObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}
