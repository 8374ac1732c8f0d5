/**
 * Cluster and mesh records with every default filled in, before any rule has judged them. A draft may be wrong (a
 * primary that is no cluster, two clusters of one name): rules read drafts, and only what passes becomes a plan.
 */
import { defaultCidr, defaultServiceCidr } from "./addressing.ts";
import { withDefaults } from "./defaults.ts";
import { expandModel } from "./models.ts";
import { defaultNetworkName } from "./names.ts";
import { byName, isExternalControlPlane, type Relations } from "./queries.ts";
import type { ClusterConfig, LabConfig, NamedMeshConfig } from "./schema.ts";
import type { ControlPlanePlan, EndpointPlan, NodesPlan } from "./types.ts";
import { defaultIstioVersion, defaultKubernetesVersion } from "./versions.ts";

export interface ClusterDraft extends Relations {
  /** The record's place in the stack file, `clusters[1]`, or `model` where a preset made it. */
  readonly path: string;
  /** The record as written. */
  readonly written: ClusterConfig;
  readonly region: string;
  readonly zones: number;
  readonly cidr: string;
  readonly serviceCidr: string;
  readonly dataPlane: "sidecar" | "ambient";
  readonly nodes: Omit<NodesPlan, "architecture">;
  readonly endpoint: Omit<EndpointPlan, "readerNats">;
  readonly controlPlane: ControlPlanePlan;
  readonly gateways: {
    readonly ingress: boolean;
    readonly egress: boolean;
    readonly replicas: number | undefined;
    readonly service: NonNullable<NonNullable<ClusterConfig["gateways"]>["service"]>;
  };
  /** Made by somebody else, so that nothing of it is asked of AWS. */
  readonly existing: boolean;
}

export interface MeshDraft {
  /** `mesh`, or `meshes[1]`. */
  readonly path: string;
  readonly written: NamedMeshConfig;
  readonly name: string;
  readonly version: string;
  readonly dataPlane: "sidecar" | "ambient";
  readonly trustDomain: string;
  readonly rootName: string;
  readonly cni: boolean;
}

export interface Drafts {
  readonly config: LabConfig;
  readonly kubernetesVersion: string;
  readonly networkLink: "none" | "peering";
  readonly exposure: "internet" | "peering";
  /** Sorted by name. */
  readonly clusters: readonly ClusterDraft[];
  /** Sorted by name. */
  readonly meshes: readonly MeshDraft[];
}

export function draftLab(written: LabConfig): Drafts {
  const config = expandModel(written);
  const meshes = draftMeshes(config);
  const place = (index: number): string => (written.clusters === undefined ? "model" : `clusters[${index}]`);
  const named = new Map(config.clusters.map((cluster) => [cluster.name, cluster]));
  const clusters = config.clusters.map((cluster, index) => draftCluster(config, cluster, named, meshes, place(index)));
  return {
    config: written,
    kubernetesVersion: config.kubernetes?.version ?? defaultKubernetesVersion,
    networkLink: config.networkLink ?? "none",
    exposure: config.eastWest?.exposure ?? "internet",
    clusters: clusters.sort(byName),
    meshes: meshes.sort(byName),
  };
}

/** The place of a key of a cluster: in its record, or in the model that made the record. */
export const at = (cluster: ClusterDraft, key: keyof ClusterConfig): string =>
  cluster.path === "model" ? "model" : `${cluster.path}.${key}`;

/** As `at`, for keys that the whole lab may set: wherever the value comes from. */
export const atSetting = (
  cluster: ClusterDraft,
  key: "controlPlane" | "gateways" | "nodes" | "endpoint",
  inner: string,
): string => {
  const own: object | undefined = cluster.written[key];
  return own !== undefined && inner in own ? `${cluster.path}.${key}.${inner}` : `${key}.${inner}`;
};

/** Two t3.large hold istiod with its default requests of half a CPU and 2 GiB, the gateways and every sample. */
const defaultNodes: ClusterDraft["nodes"] = {
  instanceTypes: ["t3.large"],
  count: 2,
  capacityType: "ON_DEMAND",
  diskSize: 20,
  private: false,
};

function draftCluster(
  lab: LabConfig,
  cluster: ClusterConfig,
  named: ReadonlyMap<string, ClusterConfig>,
  meshes: readonly MeshDraft[],
  path: string,
): ClusterDraft {
  const mesh = cluster.mesh ?? meshes[0]?.name ?? "";
  const primary = cluster.primary ?? cluster.name;
  const relations = {
    name: cluster.name,
    mesh,
    network: cluster.network ?? defaultNetworkName(cluster.name),
    primary,
    config: cluster.config ?? named.get(primary)?.config ?? primary,
    ...(cluster.tenants === undefined ? {} : { dedicatedTo: cluster.tenants }),
  };
  const controlPlane = { ...lab.controlPlane, ...cluster.controlPlane };
  const ha = controlPlane.ha ?? false;
  return {
    ...relations,
    path,
    written: cluster,
    existing: lab.platform === "existing",
    region: cluster.region ?? lab.region ?? (lab.platform === "existing" ? "" : "us-east-1"),
    zones: cluster.zones ?? 2,
    cidr: cluster.cidr ?? defaultCidr(cluster.name),
    serviceCidr: cluster.serviceCidr ?? defaultServiceCidr,
    dataPlane: cluster.dataPlane ?? meshes.find((each) => each.name === mesh)?.dataPlane ?? "sidecar",
    nodes: withDefaults(defaultNodes, lab.nodes, cluster.nodes),
    endpoint: withDefaults<ClusterDraft["endpoint"]>(
      { public: true, publicAccessCidrs: [] },
      lab.endpoint,
      cluster.endpoint,
    ),
    controlPlane: { ha, replicas: controlPlane.replicas ?? (ha ? 2 : 1) },
    gateways: withDefaults<ClusterDraft["gateways"]>(
      { ingress: !isExternalControlPlane(relations), egress: false, replicas: undefined, service: {} },
      lab.gateways,
      cluster.gateways,
      { service: { ...lab.gateways?.service, ...cluster.gateways?.service } },
    ),
  };
}

function draftMeshes(config: LabConfig): MeshDraft[] {
  if (config.meshes === undefined) {
    return [draftMesh({ ...config.mesh, name: config.mesh?.id ?? "mesh1" }, "mesh")];
  }
  return config.meshes.map((mesh, index) => draftMesh({ ...config.mesh, ...mesh }, `meshes[${index}]`));
}

function draftMesh(mesh: NamedMeshConfig, path: string): MeshDraft {
  const dataPlane = mesh.dataPlane ?? "sidecar";
  return {
    path,
    written: mesh,
    name: mesh.name,
    version: mesh.version ?? defaultIstioVersion,
    dataPlane,
    trustDomain: mesh.trustDomain ?? "cluster.local",
    rootName: mesh.rootName ?? `${mesh.name} root`,
    cni: mesh.cni ?? dataPlane === "ambient",
  };
}
