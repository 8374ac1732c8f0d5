/** Small helpers for sentences. */
import type { MeshPlan } from "../../topology/types.ts";

/** `1 zone`, `2 zones`. Only for nouns whose plural is an added s. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A mesh's versions of Istio: mostly one, two while a canary runs. */
export const versionsOf = ({ revisions }: MeshPlan): string =>
  [...new Set(revisions.map(({ version }) => version))].join(" and ");
