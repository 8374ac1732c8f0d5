/** What Route 53 asks every ingress gateway for. */
import type { IVirtualService } from "@kubernetes-models/istio/networking.istio.io/v1";
import type { GatewayPlan, GlobalIngressPlan } from "../topology/types.ts";
import { networkingApi, type KubernetesObject } from "./object.ts";

/**
 * The gateway answers by itself, so that a cluster is left out when its gateway is gone, not when one of its services
 * is: those fail over inside the mesh. The checkers ask under the load balancer's own name, hence any host
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html, "Domain name").
 */
export function healthRoute(
  { healthCheck }: GlobalIngressPlan,
  { namespace }: GatewayPlan,
  gateway: string,
): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "VirtualService",
    metadata: { name: "global-ingress-health", namespace },
    spec: {
      hosts: ["*"],
      gateways: [`${namespace}/${gateway}`],
      http: [{ match: [{ uri: { exact: healthCheck.path } }], directResponse: { status: 200 } }],
    } satisfies IVirtualService["spec"],
  };
}
