/** What roles of Kubernetes allow, as far as the program makes them itself. Those of charts are in no graph. */
import type { ResourceGraph } from "../../lab/recorder/graph.ts";
import { list } from "./values.ts";
import { field } from "./law.ts";

export interface Rule {
  readonly urn: string;
  readonly groups: readonly unknown[];
  readonly resources: readonly unknown[];
  readonly verbs: readonly unknown[];
}

const api = "kubernetes:rbac.authorization.k8s.io/v1:";

export function rbacRules(graph: ResourceGraph): readonly Rule[] {
  return ["Role", "ClusterRole"].flatMap((kind) =>
    graph.byType(`${api}${kind}`).flatMap(({ urn, inputs }) =>
      list(inputs["rules"]).map((rule) => ({
        urn,
        groups: list(field(rule, "apiGroups")),
        resources: list(field(rule, "resources")),
        verbs: list(field(rule, "verbs")),
      })),
    ),
  );
}

/** URNs of bindings, with the name of the role that each gives. */
export function bindings(graph: ResourceGraph): readonly { readonly urn: string; readonly role: unknown }[] {
  return ["RoleBinding", "ClusterRoleBinding"].flatMap((kind) =>
    graph.byType(`${api}${kind}`).map(({ urn, inputs }) => ({ urn, role: field(inputs, "roleRef", "name") })),
  );
}

/** Whether a rule allows one of the verbs on a resource. */
export function allows(rule: Rule, resource: string, verbs: readonly string[]): boolean {
  const covers = (given: readonly unknown[], wanted: string): boolean => given.includes("*") || given.includes(wanted);
  return covers(rule.resources, resource) && verbs.some((verb) => covers(rule.verbs, verb));
}
