/** The registry of rules, and how they are applied: all of them, so that a user sees every problem at once. */
import type { Issue } from "../types.ts";
import { accessRules } from "./access.ts";
import { clusterRules } from "./clusters.ts";
import { existingRules } from "./existing.ts";
import { federationRules } from "./federation.ts";
import { globalIngressRules } from "./global-ingress.ts";
import { meshRules } from "./meshes.ts";
import { networkRules } from "./networks.ts";
import { notBuiltRules } from "./not-built.ts";
import { observabilityRules } from "./observability.ts";
import { outsideRules } from "./outside.ts";
import { platformRules } from "./platform.ts";
import { relationRules } from "./relations.ts";
import { resilienceRules } from "./resilience.ts";
import { revisionRules } from "./revisions.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { tenantRules } from "./tenants.ts";
import { trustRules } from "./trust.ts";
import { versionRules } from "./versions.ts";

export const rules: readonly Rule[] = [
  ...clusterRules,
  ...relationRules,
  ...networkRules,
  ...accessRules,
  ...globalIngressRules,
  ...meshRules,
  ...revisionRules,
  ...trustRules,
  ...federationRules,
  ...resilienceRules,
  ...observabilityRules,
  ...outsideRules,
  ...tenantRules,
  ...versionRules,
  ...platformRules,
  ...existingRules,
  ...notBuiltRules,
];

/** Findings of every rule, errors and warnings apart, in the order of the registry; the same finding once. */
export function applyRules(context: RuleContext): { errors: Issue[]; warnings: Issue[] } {
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  for (const { code, severity, check } of rules) {
    const issues = severity === "error" ? errors : warnings;
    for (const { path, message } of check(context)) {
      const known = issues.some((each) => each.code === code && each.path === path && each.message === message);
      if (!known) issues.push({ code, path, message });
    }
  }
  return { errors, warnings };
}
