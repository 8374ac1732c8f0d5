import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { readerTokenSecret, remoteKubeconfig, remoteSecret, remoteSecretKey } from "../istio/remote-secret.ts";
import type { ClusterPlan, ReaderPlan, RemoteSecretPlan } from "../topology/types.ts";
import { type ClusterHandle, createSecret, type Dependencies, inCluster } from "./in-cluster.ts";
import { runError } from "./run-error.ts";

export interface ReaderArgs {
  /** The cluster that is read. */
  readonly of: ClusterPlan;
  readonly type: RemoteSecretPlan["type"];
  readonly cluster: ClusterHandle;
  readonly plan: ReaderPlan;
  /** The reader's service account and its rights, which come with istiod. */
  readonly dependsOn: Dependencies;
}

/**
 * The way by which other clusters' control planes read this cluster's API server: one half of
 * [endpoint discovery](https://istio.io/latest/docs/ops/deployment/deployment-models/#endpoint-discovery-with-multiple-control-planes).
 *
 * Creates: a Secret that Kubernetes fills with a token of Istio's reader, which may list every Secret, or, for an
 * external control plane, of the istiod that it is in its config cluster.
 * Cost: nothing. Defaults: a new token by the first `pulumi up` of every 90 days; the old one goes once the remote secrets
 * hold the new. Leaves out: an end of its own, which only TokenRequest gives, and for that Pulumi has no resource.
 */
export class Reader extends pulumi.ComponentResource {
  /** Secret. What every remote secret about this cluster holds. */
  readonly remoteKubeconfig: pulumi.Output<string>;

  constructor(name: string, { of, type, cluster, plan, dependsOn }: ReaderArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:Reader", name, {}, opts);
    const secret = createSecret(
      `${name}-token`,
      readerTokenSecret(type, of.istioNamespace, plan.tokenPeriod),
      inCluster(cluster, this, dependsOn),
    );
    this.remoteKubeconfig = kubeconfigWith(secret, of.name, cluster);
    this.registerOutputs({});
  }
}

/** Secret. A kubeconfig for those who read a cluster from elsewhere, with the token of a Secret that is in it. */
export function kubeconfigWith(
  secret: k8s.core.v1.Secret,
  name: string,
  { apiServer }: ClusterHandle,
): pulumi.Output<string> {
  if (apiServer === undefined) throw new Error(`Cluster "${name}" has no address for those who read it.`);
  const kubeconfig = pulumi.all([apiServer, secret.data]).apply(([server, { token, "ca.crt": authority }]) =>
    remoteKubeconfig({
      cluster: name,
      server,
      certificateAuthorityData: filled(authority),
      token: Buffer.from(filled(token), "base64").toString("utf8"),
    }),
  );
  return pulumi.secret(kubeconfig);
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
 * Cost: nothing. Defaults: a bearer token, since istiod takes no exec plugin. Leaves out: other ways of logging in.
 */
export class RemoteSecret extends pulumi.ComponentResource {
  readonly secret: pulumi.Resource;

  constructor(
    name: string,
    { plan, reader, cluster, dependsOn }: RemoteSecretArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("istio-lab:mesh:RemoteSecret", name, {}, opts);
    this.secret = createSecret(name, remoteSecret(plan), inCluster(cluster, this, dependsOn), {
      stringData: { [remoteSecretKey(plan)]: reader.remoteKubeconfig },
    });
    this.registerOutputs({});
  }
}
