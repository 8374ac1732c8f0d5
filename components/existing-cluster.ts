import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingPlan } from "../topology/types.ts";
import { type ClusterHandle, createProvider, type Dependencies } from "./in-cluster.ts";

export interface ExistingClusterArgs {
  readonly plan: ExistingPlan;
}

/**
 * A cluster that somebody else made, such as one of [kind](https://kind.sigs.k8s.io/): a cluster of Istio's
 * [cluster models](https://istio.io/latest/docs/ops/deployment/deployment-models/#cluster-models), taken as it is.
 *
 * Creates: a Kubernetes provider, nothing else. Cost: nothing.
 * Defaults: the file ~/.kube/config, which Pulumi's provider reads, not this program.
 * Leaves out: whatever the cluster lacks. It outlives the lab, so everything in it is deleted one by one.
 */
export class ExistingCluster extends pulumi.ComponentResource implements ClusterHandle {
  readonly goesWith = undefined;
  readonly ready: Dependencies = [];
  readonly provider: k8s.Provider;
  readonly apiServer: pulumi.Output<string> | undefined;
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, { plan }: ExistingClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:existing:Cluster", name, {}, opts);
    this.kubeconfig = pulumi.secret(plan.kubeconfig);
    this.apiServer = plan.apiServer === undefined ? undefined : pulumi.output(plan.apiServer);
    const { kubeconfig } = this;
    this.provider = createProvider(`${name}-k8s`, { kubeconfig, context: plan.context }, this);
    this.registerOutputs({ kubeconfig });
  }
}
