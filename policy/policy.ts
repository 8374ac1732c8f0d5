/** A policy: a law with what a reader, a table and Pulumi's output say of it. */
import type { Law } from "./laws/law.ts";

/** As Pulumi's policies grade themselves. */
export type Severity = "low" | "medium" | "high" | "critical";

export interface Policy {
  /** One sentence that is true where the law holds. */
  readonly what: string;
  /** The page that asks for it. */
  readonly source: string;
  /** `low` is reported and lets an update go on; all else stops it. */
  readonly severity: Severity;
  readonly law: Law;
  /** The section of the CIS benchmark for EKS that Pulumi's own pack names for the policy of the same id. */
  readonly cis?: string;
  /**
   * Judged in `npm test` alone: the law asks for what the engine tells no policy pack, such as `deletedWith`, or for
   * inputs of components that a plugin makes.
   */
  readonly inTestsAlone?: true;
}

/** By id, in the order in which they are listed. */
export type Policies = Readonly<Record<string, Policy>>;
