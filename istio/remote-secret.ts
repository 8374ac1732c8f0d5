/**
 * How a primary comes to read another cluster's API server: a reader's token there, a kubeconfig in a Secret here.
 * The shapes are those of `istioctl create-remote-secret` (istio/istio: istioctl/pkg/multicluster/remote_secret.go).
 */
import { istioNamespace } from "./namespaces.ts";
import type { KubernetesObject } from "./object.ts";

/** Made by chart `base`; chart `istiod` binds it to what istiod must read, Secrets included. */
const readerServiceAccount = "istio-reader-service-account";

/**
 * A token of the reader, in the cluster that is read. Kubernetes fills in `token` and `ca.crt`; the token has no end of
 * its own, and is worth nothing once the Secret is deleted.
 */
export function readerTokenSecret(period: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    metadata: {
      name: `${readerServiceAccount}-istio-remote-secret-token-${period}`,
      namespace: istioNamespace,
      annotations: { "kubernetes.io/service-account.name": readerServiceAccount },
    },
  };
}

/** The Secret in the cluster that reads, but for its data: one key, the name of the cluster that is read. */
export function remoteSecret(from: string, namespace: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: {
      name: `istio-remote-secret-${from}`,
      namespace,
      labels: { "istio/multiCluster": "true" },
      annotations: { "networking.istio.io/cluster": from },
    },
  };
}

/**
 * A kubeconfig with a bearer token: istiod refuses exec plugins such as `aws eks get-token`.
 * `certificateAuthorityData` is base64, as EKS gives it. JSON is YAML, and needs no library.
 */
export function remoteKubeconfig(remote: {
  cluster: string;
  server: string;
  certificateAuthorityData: string;
  token: string;
}): string {
  const { cluster, server, certificateAuthorityData, token } = remote;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": certificateAuthorityData } }],
    users: [{ name: cluster, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    "current-context": cluster,
  });
}
