import type { Properties } from "../../host/values.ts";
import type { KubeObject } from "../object/object.ts";

/** What an object still needs to be ready; nothing when it is. */
export interface Readiness {
  ready: boolean;
  /** Why not, a sentence each. */
  reasons: string[];
  /** It will not become ready any more. */
  failed?: boolean;
}

/** Looks at other objects of the same cluster. */
export interface Surroundings {
  list(apiVersion: string, kind: string, namespace: string | undefined, labelSelector?: string): Promise<Properties[]>;
}

/** Judges one kind's objects at one moment. */
export type Judge = (object: KubeObject, surroundings: Surroundings) => Promise<Readiness> | Readiness;

export const ready: Readiness = { ready: true, reasons: [] };

/** Not ready, for these reasons. */
export function waiting(...reasons: string[]): Readiness {
  return { ready: false, reasons };
}

/** Ready when nothing is missing. */
export function unless(reasons: string[]): Readiness {
  return reasons.length === 0 ? ready : waiting(...reasons);
}
