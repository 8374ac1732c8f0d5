/**
 * Helm values of chart `istiod` where one cluster's istiod serves another. Istio's chart makes of `profile: remote` the
 * webhooks and names by which a cluster finds an istiod elsewhere
 * (https://github.com/istio/istio/blob/master/manifests/helm-profiles/remote.yaml). `host` is the name of the load
 * balancer before that istiod.
 */
import { isExternalControlPlane } from "../topology/queries.ts";
import type { ClusterPlan, HelmValues, LabPlan } from "../topology/types.ts";
import { mergeValues } from "./merge.ts";
import { istiodClusterId, meshOf, primaryOf } from "./plan-queries.ts";
import { identity, image, meshConfig, replicas, severalRoots, trustsSeveral } from "./values.ts";

/** istiod's ports: configuration and certificates, and webhooks. */
export const discoveryPort = 15012;
export const webhookPort = 15017;

/** Chart `base` of a remote. Objects of Istio's API are judged where they are read, which is in the config cluster. */
export function remoteBaseValues(lab: LabPlan, cluster: ClusterPlan, host: string): HelmValues {
  const theirs = meshOf(lab, cluster).values.base;
  if (!isExternalControlPlane(primaryOf(lab, cluster))) return theirs;
  const ours: HelmValues = {
    global: { istioNamespace: cluster.istioNamespace },
    ...(cluster.roles.includes("config") ? { base: validation(host) } : { defaultRevision: "" }),
  };
  return mergeValues(ours, theirs);
}

/** Chart `istiod` of a remote: by who answers its webhooks. */
export function remoteIstiodValues(lab: LabPlan, cluster: ClusterPlan, host: string): HelmValues {
  return mergeValues(valuesOf(lab, cluster, host), meshOf(lab, cluster).values.istiod);
}

function valuesOf(lab: LabPlan, cluster: ClusterPlan, host: string): HelmValues {
  if (isExternalControlPlane(primaryOf(lab, cluster)))
    return cluster.roles.includes("config")
      ? configClusterValues(lab, cluster, host)
      : furtherRemoteValues(cluster, host);
  return cluster.controlPlane === undefined
    ? withoutInjectorValues(cluster, host)
    : localInjectorValues(lab, cluster, host);
}

/**
 * An istiod that only injects, so that the API server's call stays in its VPC, and a Service `istiod-remote` that stands
 * for the primary's. The profile leaves out what only an injector needs. `caAddress`, because proxies would ask the
 * injector for certificates, and it would sign them.
 */
function localInjectorValues(lab: LabPlan, cluster: ClusterPlan, host: string): HelmValues {
  const mesh = meshOf(lab, cluster);
  const demo = mesh.profile === "demo";
  return {
    profile: "remote",
    global: {
      ...image(lab, mesh),
      ...identity(mesh, cluster),
      ...(demo ? smallProxies : {}),
      remotePilotAddress: host,
      caAddress: `istiod-remote.${cluster.istioNamespace}.svc:${String(discoveryPort)}`,
      omitSidecarInjectorConfigMap: false,
    },
    istiodRemote: { enabledLocalInjectorIstiod: true },
    configMap: true,
    ...replicas(cluster),
    ...(demo ? { resources: { requests: { cpu: "10m", memory: "100Mi" } } } : {}),
    ...(mesh.cni ? { cni: { enabled: true } } : {}),
    ...(trustsSeveral(lab) ? { env: severalRoots } : {}),
    meshConfig: meshConfig(mesh),
  };
}

/**
 * Istio's documented recipe (https://istio.io/latest/docs/setup/install/multicluster/primary-remote_multi-network/).
 * With a host name its webhook leads to an ExternalName Service, which EKS does not call.
 */
function withoutInjectorValues(cluster: ClusterPlan, host: string): HelmValues {
  return {
    profile: "remote",
    global: {
      multiCluster: { clusterName: cluster.name },
      network: cluster.network,
      configCluster: true,
      remotePilotAddress: host,
    },
    istiodRemote: { injectionPath: injectionPath(cluster) },
  };
}

/**
 * Holds all that an external istiod reads: the mesh's configuration and the injector's template. `caAddress`, because
 * proxies would ask istiod.external-istiod.svc for certificates, which is not here.
 */
function configClusterValues(lab: LabPlan, cluster: ClusterPlan, host: string): HelmValues {
  const mesh = meshOf(lab, cluster);
  const istiod = `${host}:${String(discoveryPort)}`;
  return {
    profile: "remote",
    global: {
      ...image(lab, mesh),
      ...identity(mesh, cluster),
      ...(mesh.profile === "demo" ? smallProxies : {}),
      istioNamespace: cluster.istioNamespace,
      configCluster: true,
      omitSidecarInjectorConfigMap: false,
      caAddress: istiod,
    },
    configMap: true,
    // The profile counts on the primary's; here is the only place where the mesh's is.
    telemetry: { enabled: true },
    istiodRemote: { injectionURL: injectionUrl(cluster, host) },
    base: validation(host),
    ...(mesh.cni ? { cni: { enabled: true } } : {}),
    meshConfig: meshConfig(mesh, { discoveryAddress: istiod }),
  };
}

/** The template and the mesh's configuration come from the config cluster, so there is nothing here but the webhook. */
function furtherRemoteValues(cluster: ClusterPlan, host: string): HelmValues {
  return {
    profile: "remote",
    global: {
      istioNamespace: cluster.istioNamespace,
      multiCluster: { clusterName: cluster.name },
      network: cluster.network,
    },
    istiodRemote: { injectionURL: injectionUrl(cluster, host) },
  };
}

/**
 * The istiod of other clusters in a cluster of its own: `plan` is that of the external control plane. It is started as
 * if it were in its config cluster, and watches its own only for the Secrets of further remotes.
 */
export function externalIstiodValues(lab: LabPlan, plan: ClusterPlan, namespace: string, host: string): HelmValues {
  const mesh = meshOf(lab, plan);
  const ours: HelmValues = {
    ...(mesh.profile === "demo" ? { profile: "demo" } : {}),
    global: {
      ...image(lab, mesh),
      istioNamespace: namespace,
      multiCluster: { clusterName: istiodClusterId(plan) },
      externalIstiod: true,
      // Webhooks are in the clusters that it serves.
      operatorManageWebhooks: true,
      configValidation: false,
    },
    // The mesh's configuration is read from the config cluster.
    configMap: false,
    ...replicas(plan),
    env: {
      ...(trustsSeveral(lab) ? severalRoots : {}),
      LOCAL_CLUSTER_SECRET_WATCHER: "true",
      SHARED_MESH_CONFIG: "istio",
      INJECTION_WEBHOOK_CONFIG_NAME: `istio-sidecar-injector-${namespace}`,
      VALIDATION_WEBHOOK_CONFIG_NAME: `istio-validator-${namespace}`,
      // A name in its certificate, by which API servers and proxies call it.
      ISTIOD_CUSTOM_HOST: host,
    },
  };
  return mergeValues(ours, mesh.values.istiod);
}

/** The injector's template takes them from here, since a chart has one profile, and `remote` has none of `demo`. */
const smallProxies: HelmValues = { proxy: { resources: { requests: { cpu: "10m", memory: "40Mi" } } } };

/** Tells the injector whose pod it is. */
const injectionPath = ({ name, network }: ClusterPlan): string => `/inject/cluster/${name}/net/${network}`;

const injectionUrl = (cluster: ClusterPlan, host: string): string =>
  `https://${host}:${String(webhookPort)}${injectionPath(cluster)}`;

const validation = (host: string): HelmValues => ({ validationURL: `https://${host}:${String(webhookPort)}/validate` });
