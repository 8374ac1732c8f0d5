import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { readerTokenSecret, remoteKubeconfig, remoteSecret } from "../istio/remote-secret.ts";
import type { RemoteSecretPlan } from "../topology/types.ts";
import type { Cluster } from "./cluster.ts";
import { type ClusterHandle, createSecret, type Dependencies, inCluster } from "./in-cluster.ts";

export interface ReaderArgs {
  readonly cluster: ClusterHandle;
  /** The reader's service account and its rights, which come with istiod. */
  readonly dependsOn: Dependencies;
}

/**
 * The token by which other clusters' control planes read this cluster's API server: one half of
 * [endpoint discovery](https://istio.io/latest/docs/ops/deployment/deployment-models/#endpoint-discovery-with-multiple-control-planes).
 *
 * Creates: a Secret that Kubernetes fills with a token of Istio's reader, which may list every Secret.
 * Cost: nothing. The token has no end; it goes with the cluster.
 */
export class Reader extends pulumi.ComponentResource {
  /** Secret. */
  readonly token: pulumi.Output<string>;

  constructor(name: string, { cluster, dependsOn }: ReaderArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:Reader", name, {}, opts);
    const secret = createSecret(`${name}-token`, readerTokenSecret(), inCluster(cluster, this, dependsOn));
    this.token = pulumi.secret(secret.data.apply(({ token }) => decoded(token)));
    this.registerOutputs({});
  }
}

function decoded(token: string | undefined): string {
  if (token === undefined) {
    throw new pulumi.RunError("Kubernetes has filled no token into the reader's Secret. Run `pulumi up --refresh`.");
  }
  return Buffer.from(token, "base64").toString("utf8");
}

export interface RemoteSecretArgs {
  readonly plan: RemoteSecretPlan;
  /** The cluster that is read. */
  readonly from: { readonly cluster: Cluster; readonly token: pulumi.Output<string> };
  /** The cluster whose istiod reads. */
  readonly to: { readonly cluster: ClusterHandle; readonly dependsOn: Dependencies };
}

/**
 * One cluster's leave to read another: the other half of
 * [endpoint discovery](https://istio.io/latest/docs/ops/deployment/deployment-models/#endpoint-discovery-with-multiple-control-planes).
 *
 * Creates: the Secret that `istioctl create-remote-secret` would print, in the cluster that reads.
 * Cost: nothing.
 */
export class RemoteSecret extends pulumi.ComponentResource {
  readonly secret: k8s.core.v1.Secret;

  constructor(name: string, { plan, from, to }: RemoteSecretArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:RemoteSecret", name, {}, opts);
    const { apiServer: server, certificateAuthorityData } = from.cluster;
    const kubeconfig = pulumi
      .all([server, certificateAuthorityData, from.token])
      .apply(([url, authority, token]) =>
        remoteKubeconfig({ cluster: plan.from, server: url, certificateAuthorityData: authority, token }),
      );
    this.secret = createSecret(
      name,
      remoteSecret(plan.from, plan.namespace),
      inCluster(to.cluster, this, to.dependsOn),
      {
        stringData: { [plan.from]: pulumi.secret(kubeconfig) },
      },
    );
    this.registerOutputs({});
  }
}
