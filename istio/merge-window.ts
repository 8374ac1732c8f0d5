import type { IEnvoyFilter } from "@kubernetes-models/istio/networking.istio.io/v1alpha3";
import type { FailoverPlan } from "../topology/types.ts";
import { envoyFilterApi, type KubernetesObject } from "./object.ts";

/**
 * For how long a proxy's main thread gathers ejections before its workers hear of them. Envoy's second would let them
 * send on to endpoints that are out already; Istio has no field for it
 * (https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto#config-cluster-v3-cluster-commonlbconfig).
 */
export function updateMergeWindow(namespace: string, { updateMergeWindow: window }: FailoverPlan): KubernetesObject {
  return {
    apiVersion: envoyFilterApi,
    kind: "EnvoyFilter",
    metadata: {
      name: "update-merge-window",
      namespace,
      // The analyzer warns of every EnvoyFilter, whatever it says (https://istio.io/latest/docs/reference/config/analysis/ist0133/).
      annotations: { "galley.istio.io/analyze-suppress": "IST0133" },
    },
    spec: {
      configPatches: (["SIDECAR_OUTBOUND", "GATEWAY"] as const).map((context) => ({
        applyTo: "CLUSTER",
        match: { context },
        patch: { operation: "MERGE", value: { common_lb_config: { update_merge_window: window } } },
      })),
    } satisfies IEnvoyFilter["spec"],
  };
}
