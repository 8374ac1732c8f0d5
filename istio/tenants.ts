/**
 * A tenant in a cluster: its namespace, the bounds within which its people work there, and what may pass between it
 * and others (https://istio.io/latest/docs/ops/deployment/deployment-models/#namespace-tenancy).
 */
import type { ClusterPlan, LabPlan, MeshPlan, TenantPlan } from "../topology/types.ts";
import { meshNamespace } from "./namespaces.ts";
import { meshOf } from "./plan-queries.ts";
import type { KubernetesObject } from "./object.ts";
import { tenantSampleWorkloads } from "./samples.ts";
import { boundsOf } from "./tenant-bounds.ts";
import { guardsOf } from "./tenant-guards.ts";
import { networkPoliciesOf } from "./tenant-network.ts";
import { trafficOf } from "./tenant-traffic.ts";

/** In the order in which they are made: nothing runs before all that keeps tenants apart is there. */
export interface TenantObjects {
  readonly namespace: KubernetesObject;
  readonly bounds: KubernetesObject[];
  readonly workloads: KubernetesObject[];
}

export function tenantObjects(lab: LabPlan, cluster: ClusterPlan, tenant: TenantPlan): TenantObjects {
  return {
    namespace: tenantNamespace(meshOf(lab, cluster), tenant),
    bounds: [
      ...boundsOf(tenant),
      ...(tenant.networkPolicy ? networkPoliciesOf(lab, cluster, tenant) : []),
      ...guardsOf(tenant),
      ...trafficOf(lab, cluster, tenant),
    ],
    workloads: tenant.samples.flatMap((sample) => tenantSampleWorkloads(lab, cluster, tenant, sample)),
  };
}

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
function tenantNamespace(mesh: MeshPlan, { name, podSecurity, revision }: TenantPlan): KubernetesObject {
  const { metadata, ...namespace } = meshNamespace(mesh, name, revision);
  const levels = { "pod-security.kubernetes.io/enforce": podSecurity, "pod-security.kubernetes.io/warn": podSecurity };
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, ...levels } } };
}
