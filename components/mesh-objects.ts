import * as pulumi from "@pulumi/pulumi";
import { meshObjects } from "../istio/objects.ts";
import type { ClusterPlan, LabPlan } from "../topology/types.ts";
import { type ClusterHandle, createObjects, type Dependencies } from "./in-cluster.ts";

export interface MeshObjectsArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  /** istiod and the namespaces of the objects. */
  readonly dependsOn: Dependencies;
}

/**
 * What holds for the whole [mesh](https://istio.io/latest/docs/ops/deployment/deployment-models/#mesh-models): mutual
 * TLS, gateways' listeners, hosts outside. Each primary's istiod reads its own cluster only, so each gets all of it.
 * Remotes get none; the cluster of an external control plane only the way to it.
 *
 * Creates: PeerAuthentication, Gateways, ServiceEntries, routes through the egress gateway and to istiod, an
 * AuthorizationPolicy for each mesh that is trusted, an EnvoyFilter with what failover needs. Cost: nothing.
 * Defaults: mutual TLS STRICT; no hosts outside. Leaves out: policies on who may call whom, Sidecars, telemetry.
 */
export class MeshObjects extends pulumi.ComponentResource {
  readonly objects: Dependencies;

  constructor(name: string, { lab, plan, cluster, dependsOn }: MeshObjectsArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:MeshObjects", name, {}, opts);
    this.objects = createObjects(name, meshObjects(lab, plan), cluster, this, dependsOn);
    this.registerOutputs({});
  }
}
