/** Every policy, and what is left of its objections when the named exceptions are made. */
import type { ResourceGraph } from "../lab/recorder/graph.ts";
import { cisEksPolicies } from "./cis-eks.ts";
import { cisKubernetesPolicies } from "./cis-kubernetes.ts";
import { costPolicies } from "./cost.ts";
import { type Exception, exceptions } from "./exceptions.ts";
import { housePolicies } from "./house.ts";
import { iamPolicies } from "./iam.ts";
import { istioControlPlanePolicies } from "./istio-control-plane.ts";
import { istioObjectPolicies } from "./istio-objects.ts";
import type { Policies } from "./policy.ts";

export const policies: Policies = {
  ...cisEksPolicies,
  ...cisKubernetesPolicies,
  ...iamPolicies,
  ...istioObjectPolicies,
  ...istioControlPlanePolicies,
  ...costPolicies,
  ...housePolicies,
};

/** What a policy objects to in a program, but for what is excused. */
export function objections(id: string, graph: ResourceGraph): readonly string[] {
  return (policies[id]?.law(graph) ?? []).filter((objection) => excuse(id, objection, graph) === undefined);
}

/** The exception that an objection, which begins with the URN of its subject, falls under. */
export function excuse(id: string, objection: string, graph: ResourceGraph): Exception | undefined {
  const node = graph.find(/^urn:\S+/.exec(objection)?.[0] ?? "");
  return exceptions.find(
    ({ policy, about, where }) =>
      policy === id && about.test(objection) && (where === undefined || (node !== undefined && where(graph, node))),
  );
}
