/**
 * Helm values for Istio's charts: exactly what differs from the charts' defaults. Paths were read from the charts of
 * release 1.31; a value that a chart does not know would be ignored in silence, so tests render the charts.
 */
import { isExternalControlPlane } from "../topology/queries.ts";
import { defaultRevision } from "../topology/revisions.ts";
import type { ClusterPlan, GatewayPlan, HelmValues, LabPlan, MeshPlan, RevisionPlan } from "../topology/types.ts";
import { federationValues, nameCapture, type TrustedRoot } from "./federation.ts";
import { mergeValues } from "./merge.ts";
import { meshOf, opens } from "./plan-queries.ts";

/**
 * Chart `base`: custom resource definitions, the validating webhook, the reader's service account. With revisions the
 * webhook asks the stable one; else its defaults are right for every model that is built.
 */
export function baseValues(lab: LabPlan, cluster: ClusterPlan): HelmValues {
  const { values, revisions } = meshOf(lab, cluster);
  const stable = revisions.find(({ tag }) => tag === "stable");
  return stable === undefined ? values.base : mergeValues({ defaultRevision: stable.revision }, values.base);
}

/**
 * Chart `istiod`: a control plane and what it tells every proxy. `peers` are the meshes that this one trusts; `of` is one
 * of the mesh's control planes, where it has several.
 */
export function istiodValues(
  lab: LabPlan,
  cluster: ClusterPlan,
  peers: readonly TrustedRoot[] = [],
  of?: RevisionPlan,
): HelmValues {
  const mesh = meshOf(lab, cluster);
  const { revision, version } = of ?? { revision: defaultRevision, version: mesh.version };
  const ours: HelmValues = {
    ...profile(mesh),
    ...(revision === defaultRevision ? {} : { revision }),
    global: {
      ...image(lab, { version }),
      ...identity(mesh, cluster),
      ...meshNetworks(lab, mesh),
      ...(servesOthers(lab, cluster) ? { externalIstiod: true } : {}),
    },
    ...replicas(cluster),
    ...(mesh.cni && mesh.dataPlane === "sidecar" ? { cni: { enabled: true } } : {}),
    ...environment(lab, mesh),
    meshConfig: meshConfig(mesh, cluster.imports.length > 0 ? { proxyMetadata: nameCapture(cluster) } : {}),
  };
  return mergeValues(mergeValues(ours, federationValues(mesh, peers)), mesh.values.istiod);
}

/**
 * A chart has one profile, and ambient does not work without its own; of `demo` there is then what counts most on
 * small nodes.
 */
function profile({ dataPlane, profile: named }: MeshPlan): HelmValues {
  if (dataPlane === "sidecar") return named === "demo" ? { profile: "demo" } : {};
  const small = { resources: { requests: { cpu: "10m", memory: "100Mi" } } };
  return { profile: "ambient", ...(named === "demo" ? small : {}) };
}

function environment(lab: LabPlan, mesh: MeshPlan): HelmValues {
  const env = {
    ...notForeverForOthers,
    ...(trustsSeveral(lab) ? severalRoots : {}),
    ...(mesh.dataPlane === "ambient" && mesh.multiNetwork ? ambientAcrossNetworks : {}),
  };
  return { env };
}

/**
 * How long an istiod that starts waits for the API servers of other clusters: with Istio's 30 s one that cannot reach them
 * was ready after 35 s (istio/istio: pilot/pkg/features/pilot.go, docs/en/experiments/istiod-restart.md). Also where there are
 * none, or the second cluster would restart the first one's istiod.
 */
const notForeverForOthers: HelmValues = { PILOT_REMOTE_CLUSTER_TIMEOUT: "20s" };

/** Off by default, both (istio/istio: pilot/pkg/features/ambient.go). */
const ambientAcrossNetworks: HelmValues = {
  AMBIENT_ENABLE_MULTI_NETWORK: "true",
  AMBIENT_ENABLE_MULTI_NETWORK_INGRESS: "true",
};

/**
 * Where the networks' gateways are that stand behind ports of nodes: istiod reads no such address from a Service
 * (https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshNetworks).
 */
function meshNetworks(lab: LabPlan, mesh: MeshPlan): HelmValues {
  const networks = lab.clusters.flatMap((cluster): [string, HelmValues][] => {
    const service = cluster.gateways.find(({ kind }) => kind === "east-west")?.service;
    if (cluster.mesh !== mesh.name || service?.type !== "NodePort" || service.address === undefined) return [];
    const { address, nodePorts } = service;
    const gateways = Object.values(nodePorts).map((port) => ({ address, port }));
    return [[cluster.network, { endpoints: [{ fromRegistry: cluster.name }], gateways }]];
  });
  return networks.length === 0 ? {} : { meshNetworks: Object.fromEntries(networks) };
}

/** Whether the istiod of a primary is the certificate authority of other clusters too, and patches their webhooks. */
function servesOthers(lab: LabPlan, cluster: ClusterPlan): boolean {
  return lab.istiodGateways.includes(cluster.name) && !isExternalControlPlane(cluster);
}

/** Whether there are other roots to trust than the one that istiod starts with. */
export function trustsSeveral({ ca }: LabPlan): boolean {
  return ca.roots.length + ca.ownRoots.length > 1;
}

/** Without it istiod takes no other roots than it started with (istio/istio: pilot/pkg/bootstrap/istio_ca.go). */
export const severalRoots: HelmValues = { ISTIO_MULTIROOT_MESH: "true" };

/** Who a cluster is: what the injector writes into every pod. */
export function identity(mesh: MeshPlan, cluster: ClusterPlan): HelmValues {
  return { meshID: mesh.name, multiCluster: { clusterName: cluster.name }, network: cluster.network };
}

const proxyConfig: HelmValues = {
  // An application that starts before its proxy sends its first requests into nothing.
  holdApplicationUntilProxyStarts: true,
  // A failover begins with hundreds of handshakes at once. Istio's RSA keys cost so much that they run into the time to
  // connect, and each that does is made again (istio/istio: pilot/cmd/pilot-agent/options/options.go).
  proxyMetadata: { ECC_SIGNATURE_ALGORITHM: "ECDSA" },
};

/** What istiod tells every proxy. */
export function meshConfig(mesh: MeshPlan, defaultConfig: HelmValues = {}): HelmValues {
  return {
    trustDomain: mesh.trustDomain,
    outboundTrafficPolicy: { mode: mesh.outboundTrafficPolicy },
    ...(mesh.profile === "demo" ? { accessLogFile: "/dev/stdout" } : {}),
    defaultConfig: mergeValues(proxyConfig, defaultConfig),
  };
}

/** Chart `cni`: the node agent that redirects traffic where pods may not do it themselves. */
export function cniValues(lab: LabPlan, cluster: ClusterPlan): HelmValues {
  const mesh = meshOf(lab, cluster);
  const ours: HelmValues = {
    ...(mesh.dataPlane === "ambient" ? { profile: "ambient" } : {}),
    global: image(lab, mesh),
  };
  return mergeValues(ours, mesh.values.cni);
}

/** Chart `ztunnel`: each node's proxy. Its cluster and network must be those that istiod knows. */
export function ztunnelValues(lab: LabPlan, cluster: ClusterPlan): HelmValues {
  const mesh = meshOf(lab, cluster);
  const ours: HelmValues = {
    ...image(lab, mesh),
    multiCluster: { clusterName: cluster.name },
    network: cluster.network,
    ...(mesh.profile === "demo" ? { resources: { requests: { cpu: "10m", memory: "40Mi" } } } : {}),
  };
  return mergeValues(ours, mesh.values.ztunnel);
}

/**
 * Chart `gateway`: the pods of a gateway. Their Service is our own (`gateway-service.ts`), because with
 * `networkGateway` the chart would open istiod's ports 15012 and 15017 on every east-west gateway.
 */
export function gatewayValues(lab: LabPlan, cluster: ClusterPlan, gateway: GatewayPlan): HelmValues {
  const mesh = meshOf(lab, cluster);
  const ours: HelmValues = {
    ...(mesh.follows === undefined ? {} : { revision: mesh.follows }),
    ...(joinsNetworks(gateway) ? { networkGateway: cluster.network } : {}),
    service: { type: "None" },
    // EKS has no metrics server, so an autoscaler would know nothing.
    autoscaling: { enabled: false },
    replicaCount: gateway.replicas,
    ...(gateway.replicas > 1
      ? {
          podDisruptionBudget: { minAvailable: 1 },
          topologySpreadConstraints: [overZones({ app: gateway.release, istio: gateway.selector })],
        }
      : {}),
    // A new pod is ready before an old one goes.
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    // The proxy goes on serving while the load balancer takes the pod out (`deregistration_delay`), then stops.
    podAnnotations: { "proxy.istio.io/config": `terminationDrainDuration: ${drainSeconds}s` },
    terminationGracePeriodSeconds: drainSeconds + 15,
    ...(mesh.profile === "demo" ? { resources: { requests: { cpu: "10m", memory: "40Mi" } } } : {}),
  };
  return mergeValues(ours, mesh.values.gateway);
}

/** The version of a gateway's chart: that of the control plane whose proxy it gets. */
export function gatewayVersion({ version, revisions, follows }: MeshPlan): string {
  return revisions.find(({ tag }) => tag === follows)?.version ?? version;
}

/** Whether a gateway is its network's entrance: one that only leads to istiod is not. */
export function joinsNetworks(gateway: GatewayPlan): boolean {
  return opens(gateway, crossNetworkPort);
}

/** The port of an east-west gateway for workloads' mutual TLS. */
const crossNetworkPort = 15443;

/** Seconds that the load balancer goes on sending to a pod that leaves: its targets' `deregistration_delay`. */
export const deregistrationSeconds = 15;
/** Seconds that a gateway's proxy drains: longer than the load balancer needs to forget it. */
const drainSeconds = deregistrationSeconds + 15;

export function image(lab: LabPlan, { version }: Pick<MeshPlan, "version">): HelmValues {
  return { hub: lab.artifacts.istioImages, tag: version };
}

export function replicas(cluster: ClusterPlan): HelmValues {
  const count = cluster.controlPlane?.replicas ?? 1;
  return {
    autoscaleEnabled: false,
    replicaCount: count,
    ...(count > 1 ? { topologySpreadConstraints: [overZones({ app: "istiod" })] } : {}),
  };
}

/** Spread over zones, but rather run two in one zone than only one when a zone is lost. */
function overZones(matchLabels: HelmValues): HelmValues {
  return {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
  };
}
