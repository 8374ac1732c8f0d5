/**
 * A gateway's own Service. On EKS it becomes a Network Load Balancer made by the AWS Load Balancer Controller; its
 * annotations are those of
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/. In a cluster that
 * exists already it is what the stack file says.
 */
import type { ClusterPlan, GatewayPlan, Json } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";
import { deregistrationSeconds, joinsNetworks } from "./values.ts";

/** The port on which every gateway says whether it is ready. */
const healthPort = 15021;
/** Long-lived mesh connections would be cut after 350 idle seconds, the load balancer's default. */
const idleSeconds = 3600;

/** `callers` are blocks that may reach it beside those of the plan. */
export function gatewayService(
  cluster: ClusterPlan,
  gateway: GatewayPlan,
  callers: readonly string[] = [],
): KubernetesObject {
  const selector = { app: gateway.release, istio: gateway.selector };
  const { service } = gateway;
  const nodePorts: Readonly<Record<string, number>> = service?.type === "NodePort" ? service.nodePorts : {};
  const labels = {
    ...selector,
    // Marks a network's entrance: istiod sends other networks' traffic to this Service's address.
    ...(joinsNetworks(gateway) ? { "topology.istio.io/network": cluster.network } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: gateway.release,
      namespace: gateway.namespace,
      labels,
      ...(gateway.exposure === "none" || service ? {} : { annotations: loadBalancerAnnotations(gateway) }),
    },
    spec: {
      ...specOf(gateway, callers),
      selector,
      ports: gateway.ports.map(({ name, port, targetPort }) => ({
        name,
        port,
        targetPort,
        protocol: "TCP",
        ...(nodePorts[name] === undefined ? {} : { nodePort: nodePorts[name] }),
      })),
    },
  };
}

function specOf(gateway: GatewayPlan, callers: readonly string[]): { [key: string]: Json } {
  if (gateway.exposure === "none") return { type: "ClusterIP" };
  if (gateway.service?.type === "NodePort") return { type: "NodePort" };
  return { type: "LoadBalancer", ...loadBalancerClass(gateway, callers) };
}

function sourceRanges(gateway: GatewayPlan, callers: readonly string[]): { [key: string]: Json } {
  const blocks = [...gateway.sourceRanges, ...callers];
  return blocks.length > 0 ? { loadBalancerSourceRanges: blocks } : {};
}

/** Which load balancer serves a gateway, and for whom. */
export function loadBalancerClass(gateway: GatewayPlan, callers: readonly string[] = []): { [key: string]: Json } {
  const { service } = gateway;
  // On EKS targets are pod addresses, so nobody needs the node ports.
  if (service === undefined)
    return {
      loadBalancerClass: "service.k8s.aws/nlb",
      allocateLoadBalancerNodePorts: false,
      ...sourceRanges(gateway, callers),
    };
  const named = service.type === "LoadBalancer" ? service.loadBalancerClass : undefined;
  return { ...(named === undefined ? {} : { loadBalancerClass: named }), ...sourceRanges(gateway, callers) };
}

export function loadBalancerAnnotations(gateway: GatewayPlan): Record<string, string> {
  const annotations: Record<string, string> = {
    scheme: gateway.exposure === "internet" ? "internet-facing" : "internal",
    "nlb-target-type": "ip",
    attributes: "load_balancing.cross_zone.enabled=true",
    "healthcheck-protocol": "http",
    "healthcheck-port": String(healthPort),
    "healthcheck-path": "/healthz/ready",
    // The quickest that a Network Load Balancer offers: two failures, five seconds apart.
    "healthcheck-interval": "5",
    "healthcheck-timeout": "2",
    "healthcheck-healthy-threshold": "2",
    "healthcheck-unhealthy-threshold": "2",
    // With the client's address kept, a pod that reaches itself through its own load balancer would time out.
    "target-group-attributes": `preserve_client_ip.enabled=false,deregistration_delay.timeout_seconds=${String(deregistrationSeconds)}`,
  };
  for (const { port } of gateway.ports) {
    annotations[`listener-attributes.TCP-${String(port)}`] = `tcp.idle_timeout.seconds=${String(idleSeconds)}`;
  }
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`service.beta.kubernetes.io/aws-load-balancer-${key}`, value]),
  );
}
