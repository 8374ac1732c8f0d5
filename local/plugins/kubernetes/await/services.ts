import { pluck, pluckList } from "../object/object.ts";
import { unless } from "./readiness.ts";
import type { KubeObject } from "../object/object.ts";
import type { Judge, Surroundings } from "./readiness.ts";

/**
 * A Service is ready when it has a ready Pod, and an address if it is a load balancer. One without selector, a
 * headless one and an ExternalName are not asked for Pods (provider/pkg/await/service.go of pulumi-kubernetes; its
 * pause of 10 s, in which the endpoints may settle, is left out).
 */
export const service: Judge = async (object, surroundings) => {
  const isLoadBalancer = pluck(object, "spec", "type") === "LoadBalancer";
  const hasAddress = pluckList(object, "status", "loadBalancer", "ingress").length > 0;
  const lacksPods = wantsPods(object) && !(await hasReadyEndpoint(object, surroundings));
  return unless([
    ...(lacksPods
      ? [
          "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
        ]
      : []),
    ...(isLoadBalancer && !hasAddress
      ? ["Service was not allocated an IP address; does your cloud provider support this?"]
      : []),
  ]);
};

function wantsPods(object: KubeObject): boolean {
  const selector = pluck(object, "spec", "selector");
  const hasSelector = typeof selector === "object" && selector !== null && Object.keys(selector).length > 0;
  const isHeadless = pluck(object, "spec", "clusterIP") === "None";
  return hasSelector && !isHeadless && pluck(object, "spec", "type") !== "ExternalName";
}

async function hasReadyEndpoint(object: KubeObject, surroundings: Surroundings): Promise<boolean> {
  const selector = `kubernetes.io/service-name=${object.metadata.name ?? ""}`;
  const slices = await surroundings.list("discovery.k8s.io/v1", "EndpointSlice", object.metadata.namespace, selector);
  const endpoints = slices.flatMap((slice) => pluckList(slice, "endpoints"));
  return endpoints.some((endpoint) => pluck(endpoint, "conditions", "ready") !== false);
}
