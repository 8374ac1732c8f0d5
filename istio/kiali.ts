/**
 * Kiali, by its own chart (https://kiali.io/docs/installation/installation-guide/install-with-helm/). Of several clusters
 * one Kiali sees all (https://kiali.io/docs/configuration/multi-cluster/): it reads each API server by a secret of its own,
 * which may do less than istiod's, and the metrics of all in the one store.
 */
import { istioNamespace, observabilityNamespace } from "../topology/names.ts";
import type { ClusterPlan, HelmValues, KialiSecretPlan, LabPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";
import { accounts, observabilityOf, onlyStoreThroughProxy, storeUrl } from "./observability.ts";

const secretName = (cluster: string): string => `kiali-remote-cluster-secret-${cluster}`;

export function kialiValues(lab: LabPlan, cluster: ClusterPlan): HelmValues {
  const { kiali } = observabilityOf(cluster);
  if (kiali === undefined) throw new Error(`Cluster "${cluster.name}" has no Kiali in the plan.`);
  const read = lab.kialiSecrets.filter(({ to }) => to === cluster.name);
  return {
    auth: { strategy: kiali.login },
    clustering: {
      // The chart would look for secrets in the cluster, and know of none that comes later.
      autodetect_secrets: { enabled: false },
      clusters: read.map(({ from }) => ({ name: from, secret_name: secretName(from) })),
    },
    deployment: {
      image_name: `${lab.artifacts.kialiImages}/kiali`,
      image_pull_policy: "IfNotPresent",
      ingress: { enabled: false },
      // It would let all pods in, and keep Prometheus from the proxy.
      network_policy: { enabled: false },
      pod_annotations: {
        ...onlyStoreThroughProxy,
        // Tokens are files that it reads at its start.
        ...(read.length > 0 ? { "istio-lab/token-period": lab.readers.tokenPeriod } : {}),
      },
      service_type: "ClusterIP",
      view_only_mode: kiali.viewOnly,
    },
    external_services: {
      grafana: { enabled: false },
      istio: { root_namespace: istioNamespace },
      prometheus: { url: storeUrl },
      tracing: { enabled: false },
    },
    kubernetes_config: { cluster_name: cluster.name },
    // Nothing here looks at its own metrics, whose port would need leave of its own in ambient.
    server: { observability: { metrics: { enabled: false } } },
  };
}

/** In a cluster that Kiali reads from elsewhere: its account and what that may look at, and no pod. */
export function kialiAccessValues(): HelmValues {
  return {
    auth: { strategy: "anonymous" },
    deployment: { remote_cluster_resources_only: true, view_only_mode: true },
  };
}

/** A token of that account, which Kubernetes fills in. */
export function kialiTokenSecret(period: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    metadata: {
      name: `kiali-remote-access-${period}`,
      namespace: observabilityNamespace,
      annotations: { "kubernetes.io/service-account.name": accounts.kiali },
    },
  };
}

/** As kiali/kiali: hack/istio/multicluster/kiali-prepare-remote-cluster.sh makes it; its one key is the cluster's name. */
export function kialiSecret({ from }: KialiSecretPlan): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: {
      name: secretName(from),
      namespace: observabilityNamespace,
      labels: { "kiali.io/multiCluster": "true" },
      annotations: { "kiali.io/cluster": from },
    },
  };
}
