/** Tenants: teams that share a mesh (https://istio.io/latest/docs/ops/deployment/deployment-models/#tenancy-models). */
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { tenantGroup } from "./names.ts";
import { byName, isExternalControlPlane } from "./queries.ts";
import { tagIn } from "./revisions.ts";
import type { LabConfig, SampleName } from "./schema.ts";
import type { AccessPlan, CallerPlan, TenantPlan } from "./types.ts";

export type TenantConfig = NonNullable<LabConfig["tenants"]>[number];

/** Services of each sample that answer requests, so that they can be exported, with their ports. */
export const portsOf = {
  bookinfo: { details: 9080, productpage: 9080, ratings: 9080, reviews: 9080 },
  helloworld: { helloworld: 5000 },
  httpbin: { httpbin: 8000 },
  curl: {},
} as const satisfies Record<SampleName, Readonly<Record<string, number>>>;

/** Ports by the names of the Services that a tenant's samples have. */
export function servicesOf(tenant: TenantConfig): ReadonlyMap<string, number> {
  return new Map(samplesOf(tenant).flatMap((sample) => Object.entries<number>(portsOf[sample])));
}

/** httpbin can be called, curl calls. */
const samplesOf = ({ samples }: TenantConfig): readonly SampleName[] => samples ?? ["curl", "httpbin"];

export const callersOf = ({ callers = [] }: TenantConfig): CallerPlan[] =>
  callers.map((caller) =>
    typeof caller === "string" ? { name: caller, paths: [] } : { name: caller.name, paths: caller.paths ?? [] },
  );

/** Tenants that live in a cluster: those that its record names, else all; none beside an external control plane. */
export function tenantsIn({ config }: Drafts, cluster: ClusterDraft): readonly TenantConfig[] {
  if (isExternalControlPlane(cluster)) return [];
  const named = cluster.written.tenants;
  return (config.tenants ?? []).filter(({ name }) => named === undefined || named.includes(name));
}

/** Without istio-cni every pod has an init container that needs the right NET_ADMIN, which the other levels forbid. */
export function podSecurityIn(
  { meshes }: Drafts,
  cluster: ClusterDraft,
  { podSecurity }: TenantConfig,
): TenantPlan["podSecurity"] {
  const cni = meshes.find(({ name }) => name === cluster.mesh)?.cni ?? false;
  return podSecurity ?? (cni ? "restricted" : "privileged");
}

export function planTenants(drafts: Drafts, cluster: ClusterDraft): TenantPlan[] {
  const follows = (tenant: TenantConfig): Pick<TenantPlan, "revision"> => {
    const revision = tagIn(drafts, cluster, tenant.revision);
    return revision === undefined ? {} : { revision };
  };
  const plan = (tenant: TenantConfig): TenantPlan => ({
    name: tenant.name,
    group: tenantGroup(tenant.name),
    quota: sorted({ ...closedToOutside, ...tenant.quota }),
    limits: sorted(tenant.limits ?? {}),
    podSecurity: podSecurityIn(drafts, cluster, tenant),
    networkPolicy: tenant.networkPolicy ?? true,
    callers: callersOf(tenant)
      .map(({ name, paths }) => ({ name, paths: [...paths].sort() }))
      .sort(byName),
    mayCall: calledBy(drafts, tenant),
    exportedServices: exportedBy(tenant),
    samples: [...new Set(samplesOf(tenant))].sort(),
    ...follows(tenant),
  });
  return tenantsIn(drafts, cluster).map(plan).sort(byName);
}

/** A Service that the internet or a node's address leads to would go round everything that keeps tenants apart. */
export const closedToOutside = { "services.loadbalancers": "0", "services.nodeports": "0" };

function calledBy({ config }: Drafts, { name }: TenantConfig): string[] {
  const called = (config.tenants ?? []).filter((tenant) => callersOf(tenant).some((caller) => caller.name === name));
  return called.map((tenant) => tenant.name).sort();
}

export function exportedBy(tenant: TenantConfig): string[] {
  const all = callersOf(tenant).length > 0 ? servicesOf(tenant).keys() : [];
  return [...new Set(tenant.exportedServices ?? all)].sort();
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** EKS takes one access entry per principal and cluster: who works for two tenants is in both groups. */
export function planTenantAccess(drafts: Drafts, cluster: ClusterDraft): AccessPlan["tenants"] {
  const groups = new Map<string, string[]>();
  for (const { name, admins = [] } of tenantsIn(drafts, cluster)) {
    for (const arn of admins) groups.set(arn, [...(groups.get(arn) ?? []), tenantGroup(name)]);
  }
  const entries = [...groups].map(([arn, names]) => ({ arn, groups: names.sort() }));
  return entries.sort((a, b) => (a.arn < b.arn ? -1 : 1));
}
