/**
 * How requests find another cluster when their own fails. Two objects per service, because Istio splits the matter:
 * the DestinationRule says when an endpoint is out and who comes next, the VirtualService says what is tried again.
 */
import { serviceHost } from "../topology/names.ts";
import type { IDestinationRule, IVirtualService } from "@kubernetes-models/istio/networking.istio.io/v1";
import type { DistributePlan, FailoverPlan, GatewayPlan, MeshPlan } from "../topology/types.ts";
import { failoverRouteName } from "./failover-filter.ts";
import { networkingApi, type KubernetesObject } from "./object.ts";
import { ingressGatewayName } from "./objects.ts";

type TrafficPolicy = NonNullable<NonNullable<IDestinationRule["spec"]>["trafficPolicy"]>;
type HttpRoute = NonNullable<NonNullable<IVirtualService["spec"]>["http"]>[number];

/**
 * Locality failover with outlier detection. Without `outlierDetection` istiod gives endpoints no priorities by locality,
 * and with the default `maxEjectionPercent` of 10 it never ejects the only local endpoint
 * (https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/).
 */
export function failoverRule(
  service: string,
  namespace: string,
  failover: FailoverPlan,
  dataPlane: MeshPlan["dataPlane"],
): KubernetesObject {
  return trafficRule(service, namespace, {
    connectionPool: { tcp: { connectTimeout: failover.connectTimeout }, ...connections(failover, dataPlane) },
    loadBalancer: { localityLbSetting: { enabled: true, ...priorities(failover, dataPlane) } },
    outlierDetection: { ...failover.outlierDetection },
  });
}

/**
 * Over HTTP/1.1 each request that waits has a connection of its own, so when a cluster's requests all go to another, its
 * gateways get hundreds of handshakes at once, and those that are not done within `connectTimeout` put the healthy
 * cluster out. HTTP/2 needs one connection; and a new one every so often, because one that is stuck does not end with
 * the requests on it. A waypoint reaches pods through ztunnel and speaks to the application itself, which need not know
 * HTTP/2.
 */
function connections(
  { h2UpgradePolicy, maxRequestsPerConnection }: FailoverPlan,
  dataPlane: MeshPlan["dataPlane"],
): Pick<NonNullable<TrafficPolicy["connectionPool"]>, "http"> {
  return dataPlane === "ambient" ? {} : { http: { h2UpgradePolicy, maxRequestsPerConnection } };
}

/** The rule of one service, named as the service is. */
function trafficRule(service: string, namespace: string, trafficPolicy: TrafficPolicy): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "DestinationRule",
    metadata: { name: service, namespace },
    spec: { host: serviceHost(service, namespace), trafficPolicy },
  };
}

/** A waypoint knows the other networks' endpoints by their cluster (https://istio.io/latest/docs/ambient/install/multicluster/failover/). */
function priorities({ regions }: FailoverPlan, dataPlane: MeshPlan["dataPlane"]) {
  if (dataPlane === "ambient") return { failoverPriority: ["topology.istio.io/cluster"] };
  return regions.length > 0 ? { failover: regions.map(({ from, to }) => ({ from, to })) } : {};
}

/**
 * Fixed shares by locality, whether the near endpoints are well or not
 * (https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/distribute/).
 */
export function distributeRule(
  service: string,
  namespace: string,
  distribute: readonly DistributePlan[],
): KubernetesObject {
  return trafficRule(service, namespace, {
    loadBalancer: {
      localityLbSetting: { enabled: true, distribute: distribute.map(({ from, to }) => ({ from, to: { ...to } })) },
    },
  });
}

/** Retries for requests between workloads. */
export function retryRoute(service: string, namespace: string, port: number, failover: FailoverPlan): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "VirtualService",
    metadata: { name: service, namespace },
    spec: {
      hosts: [serviceHost(service, namespace)],
      http: [{ ...retried(failover), ...routeTo(service, namespace, port) }],
    } satisfies IVirtualService["spec"],
  };
}

/**
 * Tried again also when the connection breaks under the request (`reset`), and in another region. With no attempts
 * Istio refuses to hear more than that.
 */
function retried({ attempts, perTryTimeout }: FailoverPlan): Pick<HttpRoute, "name" | "retries"> {
  if (attempts === 0) return { retries: { attempts } };
  return {
    name: failoverRouteName,
    retries: {
      attempts,
      perTryTimeout,
      retryOn: "connect-failure,refused-stream,unavailable,cancelled,reset,503",
      retryRemoteLocalities: true,
    },
  };
}

function routeTo(service: string, namespace: string, port: number) {
  const host = serviceHost(service, namespace);
  return { route: [{ destination: { host, port: { number: port } } }] } satisfies HttpRoute;
}

/** A path, or the beginning of one. */
export type PathMatch = { readonly exact: string } | { readonly prefix: string };

/** What users outside the mesh may ask for. A request that came in is tried again like any other. */
export function ingressRoute(
  service: string,
  namespace: string,
  port: number,
  paths: readonly PathMatch[],
  gateway: GatewayPlan,
  failover: FailoverPlan | undefined,
): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "VirtualService",
    metadata: { name: `${service}-ingress`, namespace },
    spec: {
      hosts: ["*"],
      gateways: [`${gateway.namespace}/${ingressGatewayName}`],
      http: [
        {
          ...(failover ? retried(failover) : {}),
          match: paths.map((uri) => ({ uri })),
          ...routeTo(service, namespace, port),
        },
      ],
    } satisfies IVirtualService["spec"],
  };
}
