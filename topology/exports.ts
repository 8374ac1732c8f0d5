/**
 * What the east-west gateway of a cluster leads to, and what a cluster calls at the gateways of others whose API servers
 * it does not read: those of tenants who have a cluster of their own.
 */
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { exportsOf } from "./federation.ts";
import { serviceHost } from "./names.ts";
import {
  areStrangers,
  clustersOfMesh,
  deriveEastWestGateways,
  isExternalControlPlane,
  workloadClusters,
} from "./queries.ts";
import { callersOf, exportedBy, servicesOf, tenantsIn, type TenantConfig } from "./tenants.ts";
import type { ImportedServicePlan } from "./types.ts";

const everything = "*.local";

/** Everything for clusters of the mesh; for other meshes and other tenants' clusters, single services. Sorted. */
export function exportedHosts(drafts: Drafts, cluster: ClusterDraft): string[] {
  if (isExternalControlPlane(cluster)) return [];
  if (deriveEastWestGateways(drafts.clusters).includes(cluster.name)) return [everything];
  const toMeshes = drafts.meshes
    .filter(({ name }) => name === cluster.mesh)
    .flatMap((mesh) => exportsOf(drafts, mesh))
    .map(({ service, namespace }) => serviceHost(service, namespace));
  return [...new Set([...toMeshes, ...hostsForStrangers(drafts, cluster)])].sort();
}

/** Services that tenants of clusters which do not know this one may call. */
export function hostsForStrangers(drafts: Drafts, cluster: ClusterDraft): string[] {
  const strangers = strangersOf(drafts, cluster);
  return tenantsIn(drafts, cluster)
    .filter((tenant) => strangers.some((other) => callersIn(drafts, other, tenant).length > 0))
    .flatMap((tenant) => exportedBy(tenant).map((service) => serviceHost(service, tenant.name)));
}

const strangersOf = (drafts: Drafts, cluster: ClusterDraft): ClusterDraft[] =>
  workloadClusters(clustersOfMesh(drafts.clusters, cluster.mesh)).filter((other) => areStrangers(cluster, other));

/** Tenants of a cluster that may call this one, sorted. */
function callersIn(drafts: Drafts, cluster: ClusterDraft, tenant: TenantConfig): string[] {
  const here = tenantsIn(drafts, cluster).map(({ name }) => name);
  return callersOf(tenant)
    .map(({ name }) => name)
    .filter((name) => here.includes(name))
    .sort();
}

/** Services of other tenants' clusters that tenants of this one may call. */
export function planImports(drafts: Drafts, cluster: ClusterDraft): ImportedServicePlan[] {
  const strangers = strangersOf(drafts, cluster);
  const tenants = [...new Set(strangers.flatMap((other) => tenantsIn(drafts, other)))];
  return tenants
    .flatMap((tenant) => {
      const gateways = strangers.filter((other) => tenantsIn(drafts, other).includes(tenant)).map(({ name }) => name);
      const exportTo = callersIn(drafts, cluster, tenant);
      return exportTo.length === 0 ? [] : imported(drafts, cluster, tenant, { gateways, exportTo });
    })
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}

function imported(
  { meshes }: Drafts,
  { mesh }: ClusterDraft,
  tenant: TenantConfig,
  ways: Pick<ImportedServicePlan, "gateways" | "exportTo">,
): ImportedServicePlan[] {
  const ports = servicesOf(tenant);
  const trustDomain = meshes.find(({ name }) => name === mesh)?.trustDomain ?? "";
  return exportedBy(tenant).flatMap((service) => {
    const port = ports.get(service);
    // A rule refuses what no sample of the tenant has.
    if (port === undefined) return [];
    const host = serviceHost(service, tenant.name);
    const identity = `spiffe://${trustDomain}/ns/${tenant.name}/sa/${service}`;
    return [{ host, namespace: tenant.name, service, port, identity, ...ways }];
  });
}
