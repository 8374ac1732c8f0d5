import type { HealthCheck } from "../../aws/runtime.ts";
import type { LoadBalancerRequest, LoadBalancerRequestListener } from "../../aws/controller.ts";
import type { KubeObject } from "../cluster/kube-client.ts";

/** Annotations and defaults are those of the AWS Load Balancer Controller for Services. */
const annotationPrefix = "service.beta.kubernetes.io/aws-load-balancer-";
export const finalizer = "service.k8s.aws/resources";
export const loadBalancerClass = "service.k8s.aws/nlb";

export interface Service extends KubeObject {
  spec: {
    type?: string;
    loadBalancerClass?: string;
    loadBalancerSourceRanges?: string[];
    ports?: { name?: string; port: number; protocol?: string }[];
  };
  status?: { loadBalancer?: { ingress?: { hostname?: string; ip?: string }[] } };
}

export interface EndpointSlice extends KubeObject {
  ports?: { name?: string; port?: number; protocol?: string }[];
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[];
}

/** What the controller was started with, from its Deployment's arguments. */
export interface ControllerSettings {
  clusterName: string;
  region: string;
  defaultTags: Record<string, string>;
}

/** Whether the controller looks after the Service. */
export function isOurs({ spec, metadata }: Service): boolean {
  if (spec.type !== "LoadBalancer") return false;
  if (spec.loadBalancerClass !== undefined) return spec.loadBalancerClass === loadBalancerClass;
  return ["external", "nlb-ip"].includes(metadata.annotations?.[`${annotationPrefix}type`] ?? "");
}

/**
 * What to ask AWS for on behalf of a Service.
 * @throws Error for what is malformed or not imitated here: target type instance, proxy protocol, TLS listeners
 */
export function loadBalancerRequest(
  settings: ControllerSettings,
  service: Service,
  slices: EndpointSlice[],
): LoadBalancerRequest {
  const { metadata, spec } = service;
  const annotation = (name: string): string | undefined => metadata.annotations?.[`${annotationPrefix}${name}`];
  refuseUnknown(annotation, spec.loadBalancerClass);
  const groupAttributes = pairs(annotation("target-group-attributes"));
  const common = {
    healthCheck: healthCheck(annotation),
    preserveClientIp: groupAttributes["preserve_client_ip.enabled"] === "true",
    deregistrationDelay: Number(groupAttributes["deregistration_delay.timeout_seconds"] ?? 300),
  };
  const subnets = list(annotation("subnets"));
  const ranges =
    spec.loadBalancerSourceRanges ??
    list(metadata.annotations?.["service.beta.kubernetes.io/load-balancer-source-ranges"]);
  return {
    cluster: settings.clusterName,
    region: settings.region,
    service: { namespace: metadata.namespace ?? "default", name: metadata.name, uid: metadata.uid ?? "" },
    ...(annotation("name") === undefined ? {} : { name: String(annotation("name")) }),
    scheme: scheme(annotation("scheme")),
    ...(subnets.length > 0 ? { subnetIds: subnets } : {}),
    listeners: (spec.ports ?? []).map((port) => listener(port, slices, annotation, common)),
    crossZone: pairs(annotation("attributes"))["load_balancing.cross_zone.enabled"] === "true",
    sourceRanges: ranges,
    tags: { ...pairs(annotation("additional-resource-tags")), ...settings.defaultTags },
  };
}

type Annotation = (name: string) => string | undefined;
type ServicePort = NonNullable<Service["spec"]["ports"]>[number];

function refuseUnknown(annotation: Annotation, className: string | undefined): void {
  const type =
    annotation("nlb-target-type") ?? (className === undefined && annotation("type") === "nlb-ip" ? "ip" : "instance");
  if (type !== "ip") {
    throw new Error(
      `target type ${type} is not part of the local cloud: annotate ${annotationPrefix}nlb-target-type: ip`,
    );
  }
  for (const name of ["proxy-protocol", "ssl-cert", "eip-allocations"]) {
    if (annotation(name) !== undefined) throw new Error(`${annotationPrefix}${name} is not part of the local cloud`);
  }
}

function scheme(text = "internal"): LoadBalancerRequest["scheme"] {
  if (text === "internal" || text === "internet-facing") return text;
  throw new Error(`unknown scheme: ${text}`);
}

function listener(
  { name = "", port, protocol = "TCP" }: ServicePort,
  slices: EndpointSlice[],
  annotation: Annotation,
  common: Pick<LoadBalancerRequestListener, "healthCheck" | "preserveClientIp" | "deregistrationDelay">,
): LoadBalancerRequestListener {
  if (protocol !== "TCP" && protocol !== "UDP") throw new Error(`unsupported protocol: ${protocol}`);
  const attributes = pairs(annotation(`listener-attributes.${protocol}-${port}`));
  const targets = slices.flatMap((slice) => {
    const target = slice.ports?.find((candidate) => (candidate.name ?? "") === name)?.port;
    if (target === undefined) return [];
    return (slice.endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses.map((ip) => ({ ip, port: target })));
  });
  const idleTimeout = Number(attributes["tcp.idle_timeout.seconds"] ?? 350);
  return { protocol, port, targets, idleTimeout, ...common };
}

function healthCheck(annotation: Annotation): HealthCheck {
  const protocol = (annotation("healthcheck-protocol") ?? "tcp").toUpperCase();
  if (protocol !== "TCP" && protocol !== "HTTP" && protocol !== "HTTPS") {
    throw new Error(`unsupported health check protocol: ${protocol}`);
  }
  const port = annotation("healthcheck-port") ?? "traffic-port";
  const number = (name: string, fallback: number): number => Number(annotation(name) ?? fallback);
  return {
    protocol,
    port: port === "traffic-port" ? port : Number(port),
    ...(protocol === "TCP" ? {} : { path: annotation("healthcheck-path") ?? "/" }),
    interval: number("healthcheck-interval", 10),
    timeout: number("healthcheck-timeout", protocol === "HTTP" ? 6 : 10),
    healthyThreshold: number("healthcheck-healthy-threshold", 3),
    unhealthyThreshold: number("healthcheck-unhealthy-threshold", 3),
  };
}

/** `a=b,c=d` */
export function pairs(text = ""): Record<string, string> {
  return Object.fromEntries(
    list(text).map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new Error(`"${pair}" is not of the form name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function list(text = ""): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}
