/**
 * How a primary comes to read another cluster's API server: a reader's token there, a kubeconfig in a Secret here.
 * The shapes are those of `istioctl create-remote-secret` (istio/istio: istioctl/pkg/multicluster/remote_secret.go).
 */
import type { RemoteSecretPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";

type SecretType = RemoteSecretPlan["type"];

/**
 * The account by which a cluster is read. The reader is made by chart `base`; chart `istiod` binds it to what istiod must
 * read, Secrets included. An external istiod acts in its config cluster as the istiod that it would be there.
 */
const serviceAccounts: Readonly<Record<SecretType, string>> = {
  remote: "istio-reader-service-account",
  config: "istiod",
};

/**
 * A token of the reader, in the cluster that is read. Kubernetes fills in `token` and `ca.crt`; the token has no end of
 * its own, and is worth nothing once the Secret is deleted.
 */
export function readerTokenSecret(type: SecretType, namespace: string, period: string): KubernetesObject {
  const account = serviceAccounts[type];
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    metadata: {
      name: `${account}-istio-remote-secret-token-${period}`,
      namespace,
      annotations: { "kubernetes.io/service-account.name": account },
    },
  };
}

/** The one key of a remote secret's data. */
export function remoteSecretKey({ type, from }: RemoteSecretPlan): string {
  return type === "config" ? "config" : from;
}

/**
 * The Secret in the cluster that reads, but for its data. One of type `config` is mounted into istiod and does not carry
 * the label, by which istiod would take it for a further cluster named as its key is.
 */
export function remoteSecret({ from, namespace, type }: RemoteSecretPlan): KubernetesObject {
  const annotations = { "networking.istio.io/cluster": from };
  if (type === "config") {
    const metadata = { name: "istio-kubeconfig", namespace, annotations };
    return { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata };
  }
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: {
      name: `istio-remote-secret-${from}`,
      namespace,
      labels: { "istio/multiCluster": "true" },
      annotations,
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
