/** What failover needs and Istio's API has no field for: one EnvoyFilter for the whole mesh. */
import type { IEnvoyFilter } from "@kubernetes-models/istio/networking.istio.io/v1alpha3";
import type { FailoverPlan } from "../topology/types.ts";
import { envoyFilterApi, type KubernetesObject } from "./object.ts";

type ConfigPatch = NonNullable<NonNullable<NonNullable<IEnvoyFilter["spec"]>["configPatches"]>[number]>;

/** The proxies that choose among endpoints: those of clients, and gateways. */
const contexts = ["SIDECAR_OUTBOUND", "GATEWAY"] as const;
type Context = (typeof contexts)[number];

/** The name of those routes in VirtualServices whose retries leave a priority at once. */
export const failoverRouteName = "failover";

export function failoverFilter(namespace: string, failover: FailoverPlan): KubernetesObject {
  return {
    apiVersion: envoyFilterApi,
    kind: "EnvoyFilter",
    metadata: {
      name: "failover",
      namespace,
      // The analyzer warns of every EnvoyFilter, whatever it says (https://istio.io/latest/docs/reference/config/analysis/ist0133/).
      annotations: { "galley.istio.io/analyze-suppress": "IST0133" },
    },
    spec: {
      configPatches: contexts.flatMap((context) => [
        updateMergeWindow(context, failover),
        ...(failover.attempts > 0 ? [retryPriority(context)] : []),
      ]),
    } satisfies IEnvoyFilter["spec"],
  };
}

/**
 * For how long a proxy's main thread gathers ejections before its workers hear of them. Envoy's second would let them
 * send on to endpoints that are out already
 * (https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto#config-cluster-v3-cluster-commonlbconfig).
 */
function updateMergeWindow(context: Context, { updateMergeWindow }: FailoverPlan): ConfigPatch {
  return {
    applyTo: "CLUSTER",
    match: { context },
    patch: { operation: "MERGE", value: { common_lb_config: { update_merge_window: updateMergeWindow } } },
  };
}

/**
 * Every retry works out anew which priorities are left. Istio has it done at every second one: the others go by what
 * was true before, and where that priority's last endpoint is out by now, the request ends with a 503
 * (https://github.com/istio/istio/blob/release-1.31/pilot/pkg/networking/core/route/retry/retry.go,
 * https://github.com/envoyproxy/envoy/blob/main/source/extensions/retry/priority/previous_priorities/previous_priorities.cc).
 */
function retryPriority(context: Context): ConfigPatch {
  return {
    applyTo: "HTTP_ROUTE",
    match: { context, routeConfiguration: { vhost: { route: { name: failoverRouteName } } } },
    patch: {
      operation: "MERGE",
      value: {
        route: {
          retry_policy: {
            retry_priority: {
              name: "envoy.retry_priorities.previous_priorities",
              typed_config: {
                "@type":
                  "type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig",
                update_frequency: 1,
              },
            },
          },
        },
      },
    },
  };
}
