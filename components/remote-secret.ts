import * as pulumi from "@pulumi/pulumi";
import { readerTokenSecret, remoteKubeconfig, remoteSecret } from "../istio/remote-secret.ts";
import type { ReaderPlan, RemoteSecretPlan } from "../topology/types.ts";
import { type ClusterHandle, createSecret, type Dependencies, inCluster } from "./in-cluster.ts";
import { runError } from "./run-error.ts";

export interface ReaderArgs {
  /** Istio's name of the cluster that is read. */
  readonly clusterName: string;
  readonly cluster: ClusterHandle;
  readonly plan: ReaderPlan;
  /** The reader's service account and its rights, which come with istiod. */
  readonly dependsOn: Dependencies;
}

/**
 * The way by which other clusters' control planes read this cluster's API server: one half of
 * [endpoint discovery](https://istio.io/latest/docs/ops/deployment/deployment-models/#endpoint-discovery-with-multiple-control-planes).
 *
 * Creates: a Secret that Kubernetes fills with a token of Istio's reader, which may list every Secret.
 * Cost: nothing. Defaults: a new token by the first `pulumi up` of every 90 days; the old one goes once the remote secrets
 * hold the new. Leaves out: an end of its own, which only TokenRequest gives, and for that Pulumi has no resource.
 */
export class Reader extends pulumi.ComponentResource {
  /** Secret. What every remote secret about this cluster holds. */
  readonly remoteKubeconfig: pulumi.Output<string>;

  constructor(
    name: string,
    { clusterName, cluster, plan, dependsOn }: ReaderArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("istio-lab:mesh:Reader", name, {}, opts);
    const secret = createSecret(
      `${name}-token`,
      readerTokenSecret(plan.tokenPeriod),
      inCluster(cluster, this, dependsOn),
    );
    const { apiServer } = cluster;
    if (apiServer === undefined) throw new Error(`Cluster "${clusterName}" has no address for those who read it.`);
    const kubeconfig = pulumi.all([apiServer, secret.data]).apply(([server, { token, "ca.crt": authority }]) =>
      remoteKubeconfig({
        cluster: clusterName,
        server,
        certificateAuthorityData: filled(authority),
        token: Buffer.from(filled(token), "base64").toString("utf8"),
      }),
    );
    this.remoteKubeconfig = pulumi.secret(kubeconfig);
    this.registerOutputs({});
  }
}

function filled(value: string | undefined): string {
  if (value !== undefined) return value;
  throw runError("Kubernetes has filled no token into the reader's Secret. Run `pulumi up --refresh`.");
}

export interface RemoteSecretArgs {
  readonly plan: RemoteSecretPlan;
  /** Of the cluster that is read. */
  readonly reader: Reader;
  /** The cluster whose istiod reads. */
  readonly cluster: ClusterHandle;
  /** That istiod, which need not wait for other clusters to start. */
  readonly dependsOn: Dependencies;
}

/**
 * One cluster's leave to read another: the other half of
 * [endpoint discovery](https://istio.io/latest/docs/ops/deployment/deployment-models/#endpoint-discovery-with-multiple-control-planes).
 *
 * Creates: the Secret that `istioctl create-remote-secret` would print, in the cluster that reads.
 * Cost: nothing. Defaults: a bearer token, since istiod takes no exec plugin. Leaves out: Secrets of type `config`.
 */
export class RemoteSecret extends pulumi.ComponentResource {
  constructor(
    name: string,
    { plan, reader, cluster, dependsOn }: RemoteSecretArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("istio-lab:mesh:RemoteSecret", name, {}, opts);
    createSecret(name, remoteSecret(plan.from, plan.namespace), inCluster(cluster, this, dependsOn), {
      stringData: { [plan.from]: reader.remoteKubeconfig },
    });
    this.registerOutputs({});
  }
}
