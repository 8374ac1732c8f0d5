/**
 * Sends requests for hosts outside the mesh through the egress gateway, where they can be seen and stopped
 * (https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/). TLS is passed through by its SNI,
 * plain HTTP is routed by its host; other protocols leave from their own proxy.
 */
import { serviceHost } from "../topology/names.ts";
import type { IGateway, IVirtualService } from "@kubernetes-models/istio/networking.istio.io/v1";
import type { GatewayPlan, ServiceEntryPlan } from "../topology/types.ts";
import { networkingApi, type KubernetesObject } from "./object.ts";

type Port = ServiceEntryPlan["ports"][number];

/**
 * @param egress the gateway of the clusters that read the objects
 * @param root the root namespace of the mesh
 */
export function egressObjects(egress: GatewayPlan, root: string, entry: ServiceEntryPlan): KubernetesObject[] {
  if (entry.location === "MESH_INTERNAL") return [];
  const ports = entry.ports.filter((port) => isHttp(port) || isTls(port));
  // A wildcard has no single address behind it that the gateway could ask for.
  const hosts = entry.hosts.filter((host) => !host.startsWith("*"));
  if (ports.length === 0 || hosts.length === 0) return [];
  return [egressGateway(egress, entry, ports, hosts), route(egress, root, entry, ports, hosts)];
}

function egressGateway(
  { selector, namespace }: GatewayPlan,
  entry: ServiceEntryPlan,
  ports: readonly Port[],
  hosts: readonly string[],
): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "Gateway",
    metadata: { name: `egress-${entry.name}`, namespace },
    spec: {
      selector: { istio: selector },
      servers: ports.map((port) => ({
        port: { number: gatewayPort(port), name: `${port.name}-${entry.name}`, protocol: isTls(port) ? "TLS" : "HTTP" },
        hosts: [...hosts],
        ...(isTls(port) ? { tls: { mode: "PASSTHROUGH" as const } } : {}),
      })),
    } satisfies IGateway["spec"],
  };
}

function route(
  { release, namespace }: GatewayPlan,
  root: string,
  entry: ServiceEntryPlan,
  ports: readonly Port[],
  hosts: readonly string[],
): KubernetesObject {
  const gateway = `${namespace}/egress-${entry.name}`;
  const egress = serviceHost(release, namespace);
  const toGateway = (port: Port) => [{ destination: { host: egress, port: { number: gatewayPort(port) } } }];
  const toHost = (host: string, port: Port) => [{ destination: { host, port: { number: port.number } } }];
  const http = ports.filter(isHttp).flatMap((port) =>
    hosts.flatMap((host) => [
      { match: [{ gateways: ["mesh"], port: port.number, authority: { exact: host } }], route: toGateway(port) },
      {
        match: [{ gateways: [gateway], port: gatewayPort(port), authority: { exact: host } }],
        route: toHost(host, port),
      },
    ]),
  );
  const tls = ports.filter(isTls).flatMap((port) =>
    hosts.flatMap((host) => [
      { match: [{ gateways: ["mesh"], port: port.number, sniHosts: [host] }], route: toGateway(port) },
      { match: [{ gateways: [gateway], port: gatewayPort(port), sniHosts: [host] }], route: toHost(host, port) },
    ]),
  );
  return {
    apiVersion: networkingApi,
    kind: "VirtualService",
    metadata: { name: `egress-${entry.name}`, namespace: root },
    spec: {
      hosts: [...hosts],
      gateways: ["mesh", gateway],
      ...(http.length > 0 ? { http } : {}),
      ...(tls.length > 0 ? { tls } : {}),
    } satisfies IVirtualService["spec"],
  };
}

function isHttp(port: Port): boolean {
  return port.protocol.toUpperCase() === "HTTP";
}

function isTls(port: Port): boolean {
  return ["TLS", "HTTPS"].includes(port.protocol.toUpperCase());
}

/** The egress gateway's Service has port 80 for HTTP and 443 for TLS. */
function gatewayPort(port: Port): number {
  return isTls(port) ? 443 : 80;
}
