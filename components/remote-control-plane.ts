import * as pulumi from "@pulumi/pulumi";
import { systemNamespace } from "../istio/namespaces.ts";
import { meshOf } from "../istio/plan-queries.ts";
import { remoteBaseValues, remoteIstiodValues } from "../istio/values-remote.ts";
import { cniValues } from "../istio/values.ts";
import type { ClusterPlan, LabPlan } from "../topology/types.ts";
import { Cacerts } from "./cacerts.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster } from "./in-cluster.ts";
import { hostMark, istioCharts } from "./istio-charts.ts";
import type { MeshCluster } from "./mesh-cluster.ts";
import type { Trust } from "./trust.ts";

/** Another cluster's istiod, as a remote sees it. */
export interface ServingControlPlane {
  /** Host name of the load balancer before it. */
  readonly host: pulumi.Output<string>;
  /** The rest of the way to it. */
  readonly route: Dependencies;
  /** What closes the namespace of observability in the remote too, since the policies there are those of this cluster. */
  readonly observed: Dependencies;
  /** Lets it read the remote. What comes back must be there before any proxy of the remote, which it would not know. */
  readonly admit: (remote: MeshCluster) => Dependencies;
}

export interface RemoteControlPlaneArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  readonly trust: Trust;
  readonly servedBy: ServingControlPlane;
}

/**
 * What stands for Istio's control plane in a remote: the cluster with a star in
 * [primary and remote clusters](https://istio.io/latest/docs/ops/deployment/deployment-models/#single-control-plane),
 * whose istiod is another cluster's. Proxies get configuration and certificates there.
 *
 * Creates: Istio's namespace, the charts base and istiod with `profile: remote`, istio-cni where asked; with an injector
 * of its own also the Secret `cacerts` of the common root.
 * Cost: nothing but room on the nodes.
 * Defaults: the injector runs in the remote, because EKS calls no webhook outside its VPC
 * (https://github.com/istio/istio/issues/46551); an external control plane is called at its own host name.
 * Leaves out: an injector in the remote of an external control plane.
 */
export class RemoteControlPlane extends pulumi.ComponentResource {
  /** The namespace of Istio. */
  readonly namespace: pulumi.Resource;
  /** The chart `istiod`: webhooks, an injector, the rights of whoever reads the cluster. */
  readonly istiod: Dependencies;

  constructor(name: string, args: RemoteControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:RemoteControlPlane", name, {}, opts);
    const { lab, plan, cluster, trust, servedBy } = args;
    const namespace = plan.istioNamespace;
    const chart = istioCharts(name, { lab, plan, cluster, namespace, host: servedBy.host }, this);
    this.namespace = createObject(name, systemNamespace(lab, plan), inCluster(cluster, this, cluster.ready));
    const before = { clusterName: plan.name, cluster, trust, ca: lab.ca, namespace, dependsOn: [this.namespace] };
    // An injector without it would write a root of its own into every namespace, where the primary writes the common one.
    const cacerts =
      plan.controlPlane === undefined ? [] : [new Cacerts(`${name}-cacerts`, before, { parent: this }).secret];
    const base = chart("base", remoteBaseValues(lab, plan, hostMark), [this.namespace]);
    const cni = meshOf(lab, plan).cni ? [chart("cni", cniValues(lab, plan), [base])] : [];
    const istiodAfter = [base, ...cni, ...cacerts, ...servedBy.route];
    this.istiod = [chart("istiod", remoteIstiodValues(lab, plan, hostMark), istiodAfter)];
    this.registerOutputs({});
  }
}
