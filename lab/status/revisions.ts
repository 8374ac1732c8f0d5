import type { ClusterPlan } from "../../topology/types.ts";
import type { OpenStack } from "../stack/stack.ts";

/** Versions of the istiods that serve a cluster, by revision: what the stack's outputs say was made. */
export function revisionsOf({ outputs }: Pick<OpenStack, "outputs">, plan: ClusterPlan): Record<string, string> {
  const planes = outputs.clusters[plan.primary]?.controlPlanes ?? [];
  if (planes.length === 0) return { default: outputs.meshVersion };
  return Object.fromEntries(planes.map(({ revision, version }) => [revision, version]));
}
