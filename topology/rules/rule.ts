/** What a rule is. */
import type { Drafts } from "../drafts.ts";

/** All that a rule may judge: the configuration as written, the records made of it, and the day. */
export interface RuleContext extends Drafts {
  readonly today?: string;
}

export interface Finding {
  readonly path: string;
  /** What is wrong and why, then how to mend it. */
  readonly message: string;
}

export interface Rule {
  /** kebab-case; stable, because people search for it. */
  readonly code: string;
  /** An error forbids the lab; a warning is shown with the plan. */
  readonly severity: "error" | "warning";
  readonly check: (context: RuleContext) => readonly Finding[];
}
