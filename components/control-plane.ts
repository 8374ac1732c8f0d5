import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TrustedRoot } from "../istio/federation.ts";
import { systemNamespace } from "../istio/namespaces.ts";
import { meshOf } from "../istio/plan-queries.ts";
import { revisionTag } from "../istio/revision-tag.ts";
import { baseValues, cniValues, istiodValues, ztunnelValues } from "../istio/values.ts";
import { istiodRelease } from "../topology/names.ts";
import { defaultRevision } from "../topology/revisions.ts";
import type { ClusterPlan, LabPlan, RevisionPlan } from "../topology/types.ts";
import { Cacerts } from "./cacerts.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster } from "./in-cluster.ts";
import { type ChartOptions, istioCharts } from "./istio-charts.ts";
import type { Trust } from "./trust.ts";

export interface ControlPlaneArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  readonly trust: Trust;
  /** Roots of the meshes that this one trusts. */
  readonly peers: readonly TrustedRoot[];
}

/**
 * Istio's control plane in a primary: one of the
 * [control plane models](https://istio.io/latest/docs/ops/deployment/deployment-models/#control-plane-models). Alone it
 * is the single control plane; with several replicas the highly available one; one in each of several clusters makes
 * multi-primary.
 *
 * Creates: the namespace istio-system, the Secret `cacerts`, the charts base and istiod, and istio-cni where asked; in
 * ambient also the Gateway API's definitions and ztunnel. With revisions one istiod for each, and the webhooks by which
 * tags lead to them.
 * Cost: nothing but room on the nodes.
 * Defaults: one replica of istiod without an autoscaler, since EKS has no metrics-server.
 * Leaves out: remotes and external control planes, which are components of their own.
 */
export class ControlPlane extends pulumi.ComponentResource {
  /** The namespace of istiod. */
  readonly namespace: pulumi.Resource;
  /**
   * All that judges and serves Istio's objects, and puts proxies into pods. Every one of them depends on this: with the
   * chart base alone, destroy deadlocks, because a webhook then asks an istiod that is gone.
   */
  readonly istiod: Dependencies;
  /** What takes the traffic of workloads where they have no sidecar. */
  readonly ztunnel: Dependencies;

  constructor(name: string, args: ControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:ControlPlane", name, {}, opts);
    const { lab, plan, cluster, trust, peers } = args;
    const mesh = meshOf(lab, plan);
    const namespace = plan.istioNamespace;
    const chart = istioCharts(name, { lab, plan, cluster, namespace }, this);
    this.namespace = createObject(name, systemNamespace(lab, plan), inCluster(cluster, this, cluster.ready));
    const cacerts = new Cacerts(
      `${name}-cacerts`,
      { clusterName: plan.name, cluster, trust, ca: lab.ca, namespace, dependsOn: [this.namespace] },
      { parent: this },
    );
    const base = chart("base", baseValues(lab, plan), [this.namespace]);
    const cni = mesh.cni ? [chart("cni", cniValues(lab, plan), [base])] : [];
    const ambient = mesh.dataPlane === "ambient";
    const definitions = ambient ? [this.#gatewayApi(name, args)] : [];
    const before = [base, ...cni, ...definitions, cacerts.secret];
    this.istiod = mesh.revisions.flatMap((revision) => {
      const options = revision.revision === defaultRevision ? undefined : releaseOf(revision);
      const istiod = chart("istiod", istiodValues(lab, plan, peers, revision), before, options);
      return [istiod, ...this.#tag(name, args, revision, istiod)];
    });
    this.ztunnel = ambient ? [chart("ztunnel", ztunnelValues(lab, plan), this.istiod)] : [];
    this.registerOutputs({});
  }

  /** No part of the release: Helm lets an object not go from one release to another, as a tag does. */
  #tag(name: string, { cluster, plan }: ControlPlaneArgs, { tag, revision }: RevisionPlan, istiod: pulumi.Resource) {
    if (tag === undefined) return [];
    const object = revisionTag(plan.istioNamespace, tag, revision);
    return [createObject(`${name}-tag-${tag}`, object, inCluster(cluster, this, [istiod]))];
  }

  /** Kubernetes knows no Gateway by itself, and Istio's charts do not bring it. */
  #gatewayApi(name: string, { lab, cluster }: ControlPlaneArgs): pulumi.Resource {
    return new k8s.yaml.v2.ConfigFile(
      `${name}-gateway-api`,
      { file: lab.artifacts.gatewayApiCrds },
      inCluster(cluster, this, [this.namespace]),
    );
  }
}

const releaseOf = ({ revision, version }: RevisionPlan): ChartOptions => ({
  version,
  release: istiodRelease(revision),
});
