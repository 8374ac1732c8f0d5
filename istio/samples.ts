/**
 * Sample applications, after Istio's own (https://github.com/istio/istio/tree/master/samples), from images that
 * outlive the hosts which Istio leaves in December 2026.
 */
import type { ClusterPlan, Json, LabPlan, MeshPlan, SamplePlan, TenantPlan } from "../topology/types.ts";
import type { SampleName } from "../topology/schema.ts";
import { portsOf } from "../topology/tenants.ts";
import { globalLabels, waypoint, waypointName } from "./ambient.ts";
import { meshNamespace } from "./namespaces.ts";
import type { KubernetesObject } from "./object.ts";
import { configuredBy, configuredGateway, gatewayOf, meshOf } from "./plan-queries.ts";
import { distributeRule, failoverRule, ingressRoute, retryRoute, type PathMatch } from "./traffic.ts";

/** A Service of a sample with the workloads behind it. */
interface SampleService {
  readonly name: string;
  readonly port: number;
  readonly targetPort?: number;
  /** Image by version; a version that the plan leaves out in a cluster is not deployed there. */
  readonly images: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** What the ingress gateway lets through to it. */
  readonly paths?: readonly PathMatch[];
  /** Bookinfo's pods write here; the rest need no writable place. */
  readonly writable?: readonly string[];
}

const bookinfo = (service: string, version: string): string => `istio/examples-bookinfo-${service}-${version}:1.20.3`;

/** A client, which also fetches what others need. */
export const curlImage = "curlimages/curl:8.16.0";

const samples: Readonly<Record<SampleName, readonly SampleService[]>> = {
  bookinfo: [
    { name: "details", port: portsOf.bookinfo.details, images: { v1: bookinfo("details", "v1") } },
    { name: "ratings", port: portsOf.bookinfo.ratings, images: { v1: bookinfo("ratings", "v1") } },
    {
      name: "reviews",
      port: portsOf.bookinfo.reviews,
      images: { v1: bookinfo("reviews", "v1"), v2: bookinfo("reviews", "v2"), v3: bookinfo("reviews", "v3") },
      writable: ["/tmp", "/opt/ibm/wlp/output"],
    },
    {
      name: "productpage",
      port: portsOf.bookinfo.productpage,
      images: { v1: bookinfo("productpage", "v1") },
      writable: ["/tmp"],
      paths: [
        { exact: "/productpage" },
        { prefix: "/static" },
        { exact: "/login" },
        { exact: "/logout" },
        { prefix: "/api/v1/products" },
      ],
    },
  ],
  helloworld: [
    {
      name: "helloworld",
      port: portsOf.helloworld.helloworld,
      images: { v1: "istio/examples-helloworld-v1:1.0", v2: "istio/examples-helloworld-v2:1.0" },
      paths: [{ exact: "/hello" }],
    },
  ],
  httpbin: [
    {
      name: "httpbin",
      port: portsOf.httpbin.httpbin,
      targetPort: 8080,
      images: { v1: "mccutchen/go-httpbin:v2.15.0" },
      paths: [{ prefix: "/status" }, { prefix: "/delay" }, { prefix: "/headers" }],
    },
  ],
  curl: [{ name: "curl", port: 80, images: { v1: curlImage }, command: ["/bin/sleep", "infinity"] }],
};

/** Versions of a sample's workloads, sorted: what a plan may choose from. */
export function sampleVersions(sample: SampleName): string[] {
  return [...new Set(samples[sample].flatMap((service) => Object.keys(service.images)))].sort();
}

/** What a sample consists of in one cluster, in the order in which it is made. */
export interface SampleObjects {
  readonly namespace: KubernetesObject;
  readonly workloads: KubernetesObject[];
  /** Objects of Istio's API. */
  readonly routes: KubernetesObject[];
}

export function sampleObjects(lab: LabPlan, cluster: ClusterPlan, sample: SamplePlan): SampleObjects {
  const services = samples[sample.name];
  const mesh = meshOf(lab, cluster);
  const needsWaypoint = mesh.dataPlane === "ambient" && services.some(({ command }) => command === undefined);
  return {
    namespace: meshNamespace(mesh, sample.namespace, sample.revision),
    workloads: [
      ...(needsWaypoint ? [waypoint(mesh, sample.namespace)] : []),
      ...services.flatMap((service) => workloads(lab, mesh, sample, service)),
    ],
    routes: services.flatMap((service) => routes(lab, cluster, sample, service)),
  };
}

/** A sample in a tenant's namespace: every version of it, and known to nobody but those who may call it. */
export function tenantSampleWorkloads(
  lab: LabPlan,
  cluster: ClusterPlan,
  tenant: TenantPlan,
  name: SampleName,
): KubernetesObject[] {
  const sample = { name, namespace: tenant.name, versions: sampleVersions(name) };
  const callers = [
    ...tenant.callers.map((caller) => caller.name),
    ...(cluster.gateways.some(({ kind }) => kind === "east-west") ? [gatewayOf(cluster, "east-west").namespace] : []),
  ];
  return samples[name].flatMap((service) => {
    const exportTo = [".", ...(tenant.exportedServices.includes(service.name) ? callers : [])];
    return workloads(lab, meshOf(lab, cluster), sample, service, { exportTo });
  });
}

/** What is different in a tenant's namespace. */
interface Tenancy {
  /** Namespaces that know of the Service (https://istio.io/latest/docs/reference/config/annotations/). */
  readonly exportTo: readonly string[];
}

/** The Service is there in every cluster, so that its name resolves where only another cluster runs the workload. */
function workloads(
  lab: LabPlan,
  mesh: MeshPlan,
  sample: SamplePlan,
  service: SampleService,
  tenancy?: Tenancy,
): KubernetesObject[] {
  const { namespace } = sample;
  const labels = { app: service.name };
  const known = tenancy && { annotations: { "networking.istio.io/exportTo": tenancy.exportTo.join(",") } };
  const versions = Object.entries(service.images).filter(([version]) => sample.versions.includes(version));
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: service.name, namespace, labels } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: service.name, namespace, labels: { ...labels, ...inAmbient(mesh, service) }, ...known },
      spec: {
        selector: labels,
        // Istio reads the protocol from the port's name.
        ports: [{ name: "http", port: service.port, targetPort: service.targetPort ?? service.port }],
      },
    },
    ...versions.map(([version, image]) => deployment(lab, namespace, service, version, image, tenancy)),
  ];
}

/** Labels of a Service that is called through its namespace's waypoint, from other networks too. */
function inAmbient(mesh: MeshPlan, { command }: SampleService): Record<string, string> {
  if (mesh.dataPlane === "sidecar" || command !== undefined) return {};
  return { "istio.io/use-waypoint": waypointName, ...globalLabels(mesh) };
}

function deployment(
  lab: LabPlan,
  namespace: string,
  service: SampleService,
  version: string,
  image: string,
  tenancy?: Tenancy,
): KubernetesObject {
  // A client has no versions to tell apart.
  const name = service.command ? service.name : `${service.name}-${version}`;
  const labels = { app: service.name, version };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: service.name,
          ...(tenancy ? { automountServiceAccountToken: false, securityContext: restrictedPod } : {}),
          terminationGracePeriodSeconds: service.command === undefined ? 30 : 0,
          containers: [container(lab, service, image, tenancy ? { securityContext: restrictedContainer } : {})],
          ...(service.writable
            ? { volumes: service.writable.map((_, at) => ({ name: `writable-${String(at)}`, emptyDir: {} })) }
            : {}),
        },
      },
    },
  };
}

/** What the level `restricted` wants to be said (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
const restrictedPod = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
const restrictedContainer = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

function container(lab: LabPlan, service: SampleService, image: string, security: { [key: string]: Json }): Json {
  return {
    name: service.name,
    image: `${lab.artifacts.sampleImages}/${image}`,
    imagePullPolicy: "IfNotPresent",
    ...security,
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    ...(service.command
      ? { command: [...service.command] }
      : { ports: [{ containerPort: service.targetPort ?? service.port }], lifecycle: untilForgotten }),
    ...(service.writable
      ? { volumeMounts: service.writable.map((mountPath, at) => ({ name: `writable-${String(at)}`, mountPath })) }
      : {}),
  };
}

/**
 * A pod that is to end still serves, until its callers' proxies have heard of that: otherwise a restart, as after an
 * upgrade, fails requests, which Istio tries again only where it is told to.
 */
const untilForgotten: Json = { preStop: { sleep: { seconds: 5 } } };

function routes(lab: LabPlan, cluster: ClusterPlan, sample: SamplePlan, service: SampleService): KubernetesObject[] {
  if (service.command !== undefined || configuredBy(lab, cluster).length === 0) return [];
  const ingress = configuredGateway(lab, cluster, "ingress");
  const { failover, distribute, dataPlane } = meshOf(lab, cluster);
  const { namespace } = sample;
  return [
    ...(distribute.length > 0 ? [distributeRule(service.name, namespace, distribute)] : []),
    ...(failover ? [failoverRule(service.name, namespace, failover, dataPlane)] : []),
    // A waypoint reads DestinationRules; it should not be given VirtualServices.
    ...(failover && dataPlane === "sidecar" ? [retryRoute(service.name, namespace, service.port, failover)] : []),
    ...(ingress && service.paths
      ? [ingressRoute(service.name, namespace, service.port, service.paths, ingress, failover)]
      : []),
  ];
}
