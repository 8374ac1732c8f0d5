import * as pulumi from "@pulumi/pulumi";
import { hboneGateway, hboneGatewayParameters } from "../istio/ambient.ts";
import type { ClusterPlan, GatewayPlan } from "../topology/types.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster, owningInAws } from "./in-cluster.ts";

export interface HboneGatewayArgs {
  readonly plan: ClusterPlan;
  readonly gateway: GatewayPlan;
  readonly cluster: ClusterHandle;
  /** istiod, which makes the pods, and the namespace. */
  readonly injection: Dependencies;
  /** What the load balancer needs for as long as it lives. */
  readonly loadBalancing: Dependencies;
}

/**
 * The way between two networks of an ambient mesh
 * ([multiple networks](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-networks)).
 *
 * Creates: a Gateway of the Kubernetes Gateway API, for which istiod makes pods and a Service, and a ConfigMap with what
 * that Service shall be; on EKS it becomes a Network Load Balancer.
 * Cost: as that of `Gateway`. Defaults: two pods.
 * Leaves out: waiting. The load balancer comes and goes a moment after its Gateway, since istiod and Kubernetes' garbage
 * collector see to it: after `pulumi destroy`, look whether it is gone. Not run on AWS.
 */
export class HboneGateway extends pulumi.ComponentResource {
  constructor(name: string, args: HboneGatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:HboneGateway", name, {}, opts);
    const { plan, gateway, cluster, injection, loadBalancing } = args;
    const parameters = createObject(name, hboneGatewayParameters(gateway), inCluster(cluster, this, injection));
    const dependsOn = [parameters, ...injection, ...loadBalancing];
    createObject(name, hboneGateway(plan, gateway), owningInAws(cluster, this, dependsOn));
    this.registerOutputs({});
  }
}
