import * as pulumi from "@pulumi/pulumi";
import { sampleObjects } from "../istio/samples.ts";
import type { ClusterPlan, LabPlan, SamplePlan } from "../topology/types.ts";
import { type ClusterHandle, createObject, createObjects, type Dependencies, inCluster } from "./in-cluster.ts";

export interface SampleArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly sample: SamplePlan;
  readonly cluster: ClusterHandle;
  /** istiod, which puts proxies into the pods and judges the routes. */
  readonly istiod: Dependencies;
}

/**
 * One of Istio's sample applications in a namespace of its own with injection: the smallest case of
 * [namespace tenancy](https://istio.io/latest/docs/ops/deployment/deployment-models/#namespace-tenancy).
 *
 * Creates: a namespace, workloads with their Services, routes and failover rules.
 * Cost: nothing but room on the nodes.
 * Defaults: one pod of each version; failover rules where the mesh has several clusters.
 * Leaves out: storage, autoscaling.
 */
export class Sample extends pulumi.ComponentResource {
  constructor(name: string, { lab, plan, sample, cluster, istiod }: SampleArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:workload:Sample", name, {}, opts);
    const objects = sampleObjects(lab, plan, sample);
    const namespace = createObject(name, objects.namespace, inCluster(cluster, this, istiod));
    createObjects(name, [...objects.workloads, ...objects.routes], cluster, this, [namespace, ...istiod]);
    this.registerOutputs({});
  }
}
