/** Small helpers for sentences. */
import type { MeshPlan } from "../../topology/types.ts";

/** `1 zone`, `2 zones`. Only for nouns whose plural is an added s. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A mesh's versions of Istio: mostly one, two while a canary runs. */
export const versionsOf = ({ revisions }: MeshPlan): string =>
  [...new Set(revisions.map(({ version }) => version))].join(" and ");

/** An order of texts that is the same on every machine, whatever its language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
