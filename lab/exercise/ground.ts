/** What exercises are built on: namespaces, the lab's own samples in them, and Istio's objects. */
import type {
  IDestinationRule,
  IGateway,
  IServiceEntry,
  ISidecar,
  IVirtualService,
} from "@kubernetes-models/istio/networking.istio.io/v1";
import type { IAuthorizationPolicy, IPeerAuthentication } from "@kubernetes-models/istio/security.istio.io/v1";
import { mergeValues } from "../../istio/merge.ts";
import { membership, meshNamespace } from "../../istio/namespaces.ts";
import { type KubernetesObject, networkingApi, securityApi } from "../../istio/object.ts";
import { meshOf } from "../../istio/plan-queries.ts";
import { sampleObjects, sampleVersions } from "../../istio/samples.ts";
import type { SampleName } from "../../topology/schema.ts";
import type { ClusterPlan, HelmValues, Json } from "../../topology/types.ts";
import type { Reference } from "../cluster/cluster.ts";
import type { Stage } from "./exercise.ts";
import type { Eye, Place } from "./observe/eye.ts";
import { reference } from "./step.ts";

/** A namespace of an exercise. */
export const spaceOf = (exercise: string, suffix?: string): string =>
  ["exercise", exercise, ...(suffix === undefined ? [] : [suffix])].join("-");

/** A namespace whose pods get a proxy. */
export const meshed = ({ lab }: Stage, cluster: ClusterPlan, name: string): KubernetesObject => {
  const mesh = meshOf(lab, cluster);
  return meshNamespace(mesh, name, mesh.follows);
};

/** The labels by which a namespace that is there already becomes one. */
export const joining = ({ lab }: Stage, cluster: ClusterPlan): Readonly<Record<string, string>> => {
  const mesh = meshOf(lab, cluster);
  return membership(mesh, mesh.follows);
};

/** A namespace outside of the mesh. */
export const outside = (name: string, labels: Readonly<Record<string, string>> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});

interface SampleOptions {
  /** Of its workloads. Default: all. */
  readonly versions?: readonly string[];
  /** Another name than its own, for a second one that the mesh can tell from the first. */
  readonly as?: string;
  /** Merged into the pods of its Deployments. */
  readonly pod?: HelmValues;
}

/** A sample of the lab's, in a namespace of an exercise: account, Service and Deployments. */
export function sample(
  { lab }: Stage,
  cluster: ClusterPlan,
  name: SampleName,
  namespace: string,
  { versions = sampleVersions(name), as = name, pod = {} }: SampleOptions = {},
): KubernetesObject[] {
  const { workloads } = sampleObjects(lab, cluster, { name, namespace, versions });
  return workloads
    .map((object) =>
      as === name ? object : (renamed(object as unknown as Json, name, as) as unknown as KubernetesObject),
    )
    .map((object) =>
      object.kind === "Deployment"
        ? (mergeValues(object as unknown as HelmValues, { spec: { template: pod } }) as unknown as KubernetesObject)
        : object,
    );
}

/** What most exercises begin with: a namespace of the mesh, in it a server and a client. */
export const serverAndClient = (
  stage: Stage,
  cluster: ClusterPlan,
  namespace: string,
  server: SampleName,
  options?: SampleOptions,
): KubernetesObject[] => [
  meshed(stage, cluster, namespace),
  ...sample(stage, cluster, server, namespace, options),
  ...sample(stage, cluster, "curl", namespace),
];

/** Has a sample's containers run a script instead of their own command; it ends when the pod does. */
export const running = (script: string, objects: readonly KubernetesObject[]): KubernetesObject[] =>
  withEachContainer({ command: ["/bin/sh", "-c", `trap 'exit 0' TERM; ${script}`] }, objects);

/** Has the containers of Deployments have something else, or something more. */
export const withEachContainer = (has: HelmValues, objects: readonly KubernetesObject[]): KubernetesObject[] =>
  objects.map((object) => {
    if (object.kind !== "Deployment") return object;
    const { template } = object["spec"] as {
      readonly template: { readonly spec: { readonly containers: readonly HelmValues[] } };
    };
    const containers = template.spec.containers.map((each) => ({ ...each, ...has }));
    const changed: HelmValues = { spec: { template: { spec: { containers } } } };
    return mergeValues(object as unknown as HelmValues, changed) as unknown as KubernetesObject;
  });

/** Names and labels that are those of a sample, alone or with a version, but not its images and paths. */
function renamed(value: Json, from: string, to: string): Json {
  if (typeof value === "string")
    return value === from
      ? to
      : /^v\d+$/.test(value.slice(from.length + 1))
        ? value.replace(`${from}-v`, `${to}-v`)
        : value;
  if (Array.isArray(value)) return value.map((each: Json) => renamed(each, from, to));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, from, to)]));
}

/** Has a pod's proxy answer for names that are known to Istio alone (https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/). */
export const withNames: HelmValues = {
  metadata: {
    annotations: { "proxy.istio.io/config": 'proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}' },
  },
};

type Making<Spec> = (namespace: string, name: string, spec: NonNullable<Spec>) => KubernetesObject;

const making =
  (apiVersion: string, kind: string): Making<unknown> =>
  (namespace, name, spec) => ({ apiVersion, kind, metadata: { name, namespace }, spec: spec });

export const virtualService: Making<IVirtualService["spec"]> = making(networkingApi, "VirtualService");
export const destinationRule: Making<IDestinationRule["spec"]> = making(networkingApi, "DestinationRule");
export const gateway: Making<IGateway["spec"]> = making(networkingApi, "Gateway");
export const serviceEntry: Making<IServiceEntry["spec"]> = making(networkingApi, "ServiceEntry");
const sidecar: Making<ISidecar["spec"]> = making(networkingApi, "Sidecar");
export const peerAuthentication: Making<IPeerAuthentication["spec"]> = making(securityApi, "PeerAuthentication");
export const authorizationPolicy: Making<IAuthorizationPolicy["spec"]> = making(securityApi, "AuthorizationPolicy");

/**
 * A namespace of the mesh with a client. Whatever the mesh as a whole allows, its proxies know it alone, and let nothing
 * out but what is declared there.
 */
export const confinedClient = (
  stage: Stage,
  cluster: ClusterPlan,
  namespace: string,
  options?: SampleOptions,
): KubernetesObject[] => [
  meshed(stage, cluster, namespace),
  sidecar(namespace, "default", {
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    egress: [{ hosts: ["./*", `${cluster.istioNamespace}/*`] }],
  }),
  ...sample(stage, cluster, "curl", namespace, options),
];

interface Specs {
  readonly AuthorizationPolicy: IAuthorizationPolicy["spec"];
  readonly DestinationRule: IDestinationRule["spec"];
  readonly PeerAuthentication: IPeerAuthentication["spec"];
  readonly ServiceEntry: IServiceEntry["spec"];
  readonly VirtualService: IVirtualService["spec"];
}

/** What Istio's objects of a kind say in a namespace of the cluster that holds a cluster's configuration. */
export async function specsIn<Kind extends keyof Specs>(
  eye: Eye,
  { config }: ClusterPlan,
  kind: Kind,
  namespace: string,
): Promise<readonly NonNullable<Specs[Kind]>[]> {
  const api = ["AuthorizationPolicy", "PeerAuthentication"].includes(kind) ? securityApi : networkingApi;
  const found = await eye.list<{ readonly spec: NonNullable<Specs[Kind]> }>(config, api, kind, { namespace });
  return found.map(({ spec }) => spec);
}

export const clientIn = (cluster: ClusterPlan, namespace: string, app = "curl"): Place => ({
  cluster: cluster.name,
  namespace,
  app,
});

/** Where a learner writes down what was asked: a ConfigMap, so that the cluster keeps it and `check` finds it. */
const answersName = "answers";
const answersIn = (namespace: string): Reference => reference("v1", "ConfigMap", answersName, namespace);

export async function readAnswers(eye: Eye, cluster: ClusterPlan, namespace: string): Promise<Record<string, string>> {
  const found = await eye.read<{ readonly data?: Record<string, string> }>(cluster.name, answersIn(namespace));
  return found?.data ?? {};
}

export const answers = (namespace: string, data: Readonly<Record<string, string>>): KubernetesObject => ({
  ...answersIn(namespace),
  data,
});

/** What is missing where an answer was not written down, or is not what the lab says. */
export function asked(
  given: Readonly<Record<string, string>>,
  key: string,
  right: string | undefined | ((answer: string) => boolean),
  hint: string,
): readonly [boolean, string] {
  const answer = given[key]?.trim();
  if (answer === undefined || answer === "")
    return [false, `The ConfigMap "${answersName}" has no "${key}" yet. ${hint}`];
  const holds = typeof right === "function" ? right(answer) : answer === right;
  return [holds, `"${key}" in the ConfigMap "${answersName}" is not right. ${hint}`];
}
