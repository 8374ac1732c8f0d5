/**
 * The way to istiod through a gateway. Its TLS is not opened on the way: whoever calls sees istiod's own certificate,
 * and istiod the caller's token
 * (https://istio.io/latest/docs/setup/install/multicluster/primary-remote_multi-network/#expose-the-control-plane-in-cluster1).
 */
import type { IGateway, IVirtualService } from "@kubernetes-models/istio/networking.istio.io/v1";
import { isExternalControlPlane } from "../topology/queries.ts";
import { externalIstiodNamespace, istioNamespace, serviceHost } from "../topology/names.ts";
import type { ClusterPlan, GatewayPlan } from "../topology/types.ts";
import { networkingApi, type KubernetesObject } from "./object.ts";
import { opens } from "./plan-queries.ts";
import { discoveryPort, webhookPort } from "./values-remote.ts";

/** The port of istiod's Service behind each port of the gateway. */
const istiodPorts: readonly (readonly [port: number, istiods: number])[] = [
  [discoveryPort, discoveryPort],
  [webhookPort, 443],
];

/** The cluster's gateway that leads to an istiod; undefined where none is called from other clusters. */
export function istiodGatewayOf(cluster: ClusterPlan): GatewayPlan | undefined {
  return cluster.gateways.find((gateway) => opens(gateway, discoveryPort));
}

/** Objects that pass istiod's ports on; none where no gateway has them. */
export function istiodRoutes(cluster: ClusterPlan): KubernetesObject[] {
  const gateway = istiodGatewayOf(cluster);
  if (gateway === undefined) return [];
  const { namespace, selector } = gateway;
  const ports = istiodPorts.filter(([port]) => opens(gateway, port));
  const host = serviceHost("istiod", isExternalControlPlane(cluster) ? externalIstiodNamespace : istioNamespace);
  return [
    {
      apiVersion: networkingApi,
      kind: "Gateway",
      metadata: { name: "istiod-gateway", namespace },
      spec: {
        selector: { istio: selector },
        servers: ports.map(([number]) => ({
          port: { number, name: `tls-${String(number)}`, protocol: "TLS" },
          tls: { mode: "PASSTHROUGH" },
          hosts: ["*"],
        })),
      } satisfies IGateway["spec"],
    },
    {
      apiVersion: networkingApi,
      kind: "VirtualService",
      metadata: { name: "istiod", namespace },
      spec: {
        hosts: ["*"],
        gateways: ["istiod-gateway"],
        tls: ports.map(([port, istiods]) => ({
          match: [{ port, sniHosts: ["*"] }],
          route: [{ destination: { host, port: { number: istiods } } }],
        })),
      } satisfies IVirtualService["spec"],
    },
  ];
}
