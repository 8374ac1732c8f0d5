import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { grafanaObjects, grafanaSecret, passwordKey } from "../istio/grafana.ts";
import { observabilityObjects, type PartObjects } from "../istio/observability.ts";
import { prometheusObjects } from "../istio/prometheus.ts";
import type { ClusterPlan, LabPlan } from "../topology/types.ts";
import {
  type ClusterHandle,
  createObject,
  createObjects,
  createSecret,
  type Dependencies,
  inCluster,
} from "./in-cluster.ts";

export interface ObservabilityArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  /** istiod, which puts proxies into the pods and judges the policies. */
  readonly istiod: Dependencies;
}

/**
 * Metrics of a cluster and what shows them, [observability](https://istio.io/latest/docs/tasks/observability/) of which
 * each [mesh](https://istio.io/latest/docs/ops/deployment/deployment-models/#mesh-models) has one; but for Kiali, which may
 * have to wait for other clusters.
 *
 * Creates: a namespace in the mesh that is closed to all but who shows or sends metrics; Prometheus, which keeps them or,
 * as an agent, sends them to the one cluster of the mesh that does; there Grafana with a password made up, where asked.
 * Cost: nothing but room on the nodes.
 * Defaults: two days or 1 GB of metrics, gone with their pod; no way in but a port forward.
 * Leaves out: persistent volumes, alerts, traces, logs.
 */
export class Observability extends pulumi.ComponentResource {
  /** What further pods in the namespace wait for: nothing runs there before it is closed. */
  readonly ready: Dependencies;

  constructor(name: string, args: ObservabilityArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:observability:Observability", name, {}, opts);
    const { lab, plan, cluster, istiod } = args;
    const { namespace, policies } = observabilityObjects(lab, plan);
    const made = createObject(name, namespace, inCluster(cluster, this, istiod));
    const closed = createObjects(name, policies, cluster, this, [made, ...istiod]);
    this.ready = [made, ...closed, ...istiod];
    this.#part(name, prometheusObjects(lab, plan), cluster, this.ready);
    if (plan.observability?.grafana === true) {
      const secret = this.#password(name, cluster);
      this.#part(name, grafanaObjects(lab, plan), cluster, [secret, ...this.ready]);
    }
    this.registerOutputs({});
  }

  #part(name: string, { settings, workloads }: PartObjects, cluster: ClusterHandle, after: Dependencies): void {
    const before = createObjects(name, settings, cluster, this, after);
    createObjects(name, workloads, cluster, this, [...before, ...after]);
  }

  /** Letters and digits, since people type it. Grafana takes it at each start, for it keeps nothing. */
  #password(name: string, cluster: ClusterHandle): pulumi.Resource {
    const password = new random.RandomPassword(
      `${name}-grafana-password`,
      { length: 24, special: false },
      { parent: this },
    );
    const options = inCluster(cluster, this, this.ready);
    return createSecret(`${name}-grafana`, grafanaSecret(), options, {
      stringData: { [passwordKey]: password.result },
    });
  }
}
