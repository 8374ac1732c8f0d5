/** The registry of rules, and how they are applied: all of them, so that a user sees every problem at once. */
import type { Issue } from "../types.ts";
import { notBuiltRules } from "./not-built.ts";
import type { Rule, RuleContext } from "./rule.ts";

export const rules: readonly Rule[] = [...notBuiltRules];

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
