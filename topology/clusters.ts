/** From a draft that passed the rules to the plan of one cluster. */
import { planNetwork } from "./addressing.ts";
import { readerNatsOf } from "./callers.ts";
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { planGateways } from "./gateways.ts";
import { hasLocalInjector } from "./injection.ts";
import { planPeers } from "./links.ts";
import { planObservability } from "./observability.ts";
import {
  clustersOfMesh,
  isExternalControlPlane,
  isPrimary,
  istiodNamespaceOf,
  rolesOf,
  workloadClusters,
} from "./queries.ts";
import { sampleEntries, tagIn } from "./revisions.ts";
import type { SampleName } from "./schema.ts";
import { exportedHosts, planImports } from "./exports.ts";
import { planTenantAccess, planTenants } from "./tenants.ts";
import type { ClusterPlan, ExistingPlan, SamplePlan } from "./types.ts";

export function planCluster(drafts: Drafts, cluster: ClusterDraft): ClusterPlan {
  const { nodes, endpoint } = cluster;
  const observability = planObservability(drafts, cluster);
  return {
    name: cluster.name,
    mesh: cluster.mesh,
    network: cluster.network,
    primary: cluster.primary,
    config: cluster.config,
    ...(cluster.dedicatedTo === undefined ? {} : { dedicatedTo: cluster.dedicatedTo }),
    roles: rolesOf(drafts.clusters, cluster),
    ...(cluster.existing ? { existing: planExisting(drafts, cluster) } : {}),
    region: cluster.region,
    zones: cluster.zones,
    vpc: planNetwork(
      cluster.cidr,
      cluster.zones,
      { private: nodes.private || drafts.exposure === "peering", nat: nodes.private },
      planPeers(drafts, cluster),
    ),
    serviceCidr: cluster.serviceCidr,
    kubernetesVersion: drafts.kubernetesVersion,
    nodes: { ...nodes, architecture: nodes.instanceTypes.every(isArm) ? "arm64" : "x86_64" },
    endpoint: {
      public: endpoint.public,
      publicAccessCidrs: [...endpoint.publicAccessCidrs].sort(),
      readerNats: readerNatsOf(drafts, cluster),
    },
    access: {
      admins: [...(drafts.config.access?.admins ?? [])].sort(),
      tenants: planTenantAccess(drafts, cluster),
    },
    istioNamespace: istiodNamespaceOf(drafts.clusters, cluster),
    ...(isPrimary(cluster) || hasLocalInjector(drafts, cluster) ? { controlPlane: cluster.controlPlane } : {}),
    gateways: planGateways(drafts, cluster),
    samples: planSamples(drafts, cluster),
    tenants: planTenants(drafts, cluster),
    ...(observability === undefined ? {} : { observability }),
    imports: planImports(drafts, cluster),
    exportedHosts: exportedHosts(drafts, cluster),
  };
}

/** The file is that of kubectl unless the stack file names another: what KUBECONFIG says differs by shell. */
function planExisting({ config }: Drafts, { name, written }: ClusterDraft): ExistingPlan {
  const { context = name, apiServer } = written;
  return {
    kubeconfig: config.kubeconfig ?? "~/.kube/config",
    context,
    ...(apiServer === undefined ? {} : { apiServer }),
  };
}

/** AWS Graviton: the `g` after the generation, as in t4g, m7gd or im4gn (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html). */
export const isArm = (instanceType: string): boolean => /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType);

/** Versions that Istio's samples come in (https://github.com/istio/istio/tree/master/samples). */
const sampleVersions: Record<SampleName, readonly string[]> = {
  bookinfo: ["v1", "v2", "v3"],
  helloworld: ["v1", "v2"],
  httpbin: ["v1"],
  curl: ["v1"],
};

function planSamples(drafts: Drafts, cluster: ClusterDraft): SamplePlan[] {
  if (isExternalControlPlane(cluster)) return [];
  return sampleEntries(drafts.config).map(({ name, revision: own }) => {
    const revision = tagIn(drafts, cluster, own);
    const versions = versionsHere(drafts, cluster, name);
    return { name, namespace: name, versions, ...(revision === undefined ? {} : { revision }) };
  });
}

/**
 * helloworld answers with its version, so each cluster of a mesh runs one of them, as on
 * https://istio.io/latest/docs/setup/install/multicluster/verify/: v1 in the first by name, v2 in the second, and so on.
 */
function versionsHere(drafts: Drafts, cluster: ClusterDraft, sample: SampleName): readonly string[] {
  const versions = sampleVersions[sample];
  const clusters = workloadClusters(clustersOfMesh(drafts.clusters, cluster.mesh));
  if (sample !== "helloworld" || clusters.length === 1) return versions;
  const position = clusters.findIndex((each) => each.name === cluster.name) % versions.length;
  return versions.slice(position, position + 1);
}
