import * as pulumi from "@pulumi/pulumi";
import { tenantObjects } from "../istio/tenants.ts";
import type { ClusterPlan, LabPlan, TenantPlan } from "../topology/types.ts";
import { type ClusterHandle, createObject, createObjects, type Dependencies, inCluster } from "./in-cluster.ts";

export interface TenantArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly tenant: TenantPlan;
  readonly cluster: ClusterHandle;
  /** istiod, which puts proxies into the pods and judges the routes. */
  readonly istiod: Dependencies;
}

/**
 * A team's place in a shared cluster:
 * [namespace tenancy](https://istio.io/latest/docs/ops/deployment/deployment-models/#namespace-tenancy).
 *
 * Creates: a namespace with its pod security level, quota and limits; a role for the group of the tenant's access
 * entries; NetworkPolicies; a policy by which the API server keeps routes inside the tenant; mutual TLS, denial of all
 * but the declared callers, a Sidecar scope; sample workloads.
 * Cost: nothing but room on the nodes.
 * Defaults: pod security `restricted` where the mesh has istio-cni; closed to all but itself; httpbin and curl.
 * Leaves out: a way in from the ingress gateway, failover rules, and that its workloads reach anything outside the mesh
 * but through an egress gateway.
 */
export class Tenant extends pulumi.ComponentResource {
  constructor(name: string, { lab, plan, tenant, cluster, istiod }: TenantArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:workload:Tenant", name, {}, opts);
    const objects = tenantObjects(lab, plan, tenant);
    const namespace = createObject(name, objects.namespace, inCluster(cluster, this, istiod));
    const bounds = createObjects(name, objects.bounds, cluster, this, [namespace, ...istiod]);
    createObjects(name, objects.workloads, cluster, this, [...bounds, ...istiod]);
    this.registerOutputs({});
  }
}
