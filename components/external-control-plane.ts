import * as pulumi from "@pulumi/pulumi";
import { externalNamespace } from "../istio/namespaces.ts";
import { externalIstiodValues } from "../istio/values-remote.ts";
import type { ClusterPlan, LabPlan, RemoteSecretPlan } from "../topology/types.ts";
import { Cacerts } from "./cacerts.ts";
import { type ClusterHandle, createObject, inCluster } from "./in-cluster.ts";
import { hostMark, istioCharts } from "./istio-charts.ts";
import { type Reader, RemoteSecret } from "./remote-secret.ts";
import type { Trust } from "./trust.ts";

export interface ExternalControlPlaneArgs {
  readonly lab: LabPlan;
  /** The cluster that istiod runs in. */
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  readonly trust: Trust;
  /** Host name of the gateway before it, which goes into its certificate. */
  readonly host: pulumi.Output<string>;
  /** How it reads its config cluster. */
  readonly config: RemoteSecretPlan;
  readonly reader: Reader;
}

/**
 * An istiod outside of the clusters that it serves: an
 * [external control plane](https://istio.io/latest/docs/ops/deployment/deployment-models/#external-control-plane). It
 * reads its configuration from another cluster's API server, as whose istiod it acts.
 *
 * Creates: a namespace, the Secrets `cacerts` and `istio-kubeconfig`, and the chart istiod without webhooks.
 * Cost: nothing but room on the nodes.
 * Defaults: called by the host name of its gateway's load balancer, so that no domain of one's own is needed.
 * Leaves out: the gateway before it and the istiod of that gateway, which are as in any other cluster.
 */
export class ExternalControlPlane extends pulumi.ComponentResource {
  readonly istiod: pulumi.Resource;

  constructor(name: string, args: ExternalControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:ExternalControlPlane", name, {}, opts);
    const { lab, plan, cluster, trust, host, config, reader } = args;
    const { namespace } = config;
    const object = createObject(name, externalNamespace(namespace), inCluster(cluster, this, cluster.ready));
    const cacerts = new Cacerts(
      `${name}-cacerts`,
      { clusterName: plan.name, cluster, trust, ca: lab.ca, namespace, dependsOn: [object] },
      { parent: this },
    );
    const kubeconfig = new RemoteSecret(
      `${name}-reads-${config.from}`,
      { plan: config, reader, cluster, dependsOn: [object] },
      { parent: this },
    );
    this.istiod = istioCharts(name, { lab, plan, cluster, namespace, host }, this)(
      "istiod",
      externalIstiodValues(lab, plan, namespace, hostMark),
      [cacerts.secret, kubeconfig.secret],
    );
    this.registerOutputs({});
  }
}
