/** Another policy for the service under load, as somebody would have it who left something out. */
import type { KubernetesObject } from "../../../istio/object.ts";
import { clusterOf } from "../run/running-lab.ts";
import type { Fault, FaultKind } from "./fault.ts";

export interface PolicyFault extends Fault {
  readonly kind: "policy";
  readonly cluster: string;
  readonly from: KubernetesObject;
  readonly to: KubernetesObject;
}

export function policy(cluster: string, from: KubernetesObject, to: KubernetesObject, says: string): PolicyFault {
  return { kind: "policy", says: `${from.kind} of ${cluster} ${says}`, cluster, from, to };
}

/** Applied as a whole, by one owner: what the other one does not have goes (server-side apply). */
export const policyKind: FaultKind<PolicyFault, null> = {
  prepare: () => Promise.resolve(null),
  inject: (lab, { cluster, to }) => clusterOf(lab, cluster).apply(to),
  remove: (lab, { cluster, from }) => clusterOf(lab, cluster).apply(from),
};
