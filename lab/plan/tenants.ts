/** Tenants as a table: where each lives, and who may call it. */
import type { CallerPlan, LabPlan, TenantPlan } from "../../topology/types.ts";

export const tenantColumns = ["tenant", "in", "callers", "exports", "pods", "NetworkPolicy"] as const;

/** A row per tenant. What is said of a tenant is the same in each of its clusters. */
export function tenantRows(lab: LabPlan): string[][] {
  const places = Map.groupBy(
    lab.clusters.flatMap((cluster) => cluster.tenants.map((tenant) => ({ tenant, cluster: cluster.name }))),
    ({ tenant }) => tenant.name,
  );
  return [...places.values()].flatMap((all) =>
    all
      .slice(0, 1)
      .map(({ tenant }) => [
        tenant.name,
        all.map(({ cluster }) => cluster).join(", "),
        callers(tenant),
        tenant.exportedServices.join(", ") || "nothing",
        tenant.podSecurity,
        tenant.networkPolicy ? "yes" : "no",
      ]),
  );
}

function callers({ callers: all }: TenantPlan): string {
  const words = ({ name, paths }: CallerPlan): string => (paths.length > 0 ? `${name} (${paths.join(" ")})` : name);
  return all.map(words).join(", ") || "nobody";
}
