/** What everything inside a cluster has in common, and how a plain Kubernetes object becomes a resource. */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartReference } from "../istio/charts.ts";
import type { KubernetesObject } from "../istio/object.ts";
import type { HelmValues } from "../topology/types.ts";

export type Dependencies = readonly pulumi.Resource[];

/** A cluster as the things inside it see it, whoever made it. */
export interface ClusterHandle {
  /** The provider of this cluster, and of no other. */
  readonly provider: k8s.Provider;
  /** What takes along all that owns nothing in AWS when it goes; undefined for a cluster that the lab did not make. */
  readonly goesWith: pulumi.Resource | undefined;
  /** What workloads wait for: nodes, names, and credentials for pods. */
  readonly ready: Dependencies;
  /** URL of the Kubernetes API, as other clusters reach it; undefined where none of them needs it. */
  readonly apiServer: pulumi.Output<string> | undefined;
  /** Secret. What `kubectl --kubeconfig` takes, or the path of it. */
  readonly kubeconfig: pulumi.Output<string>;
}

/** A cluster's provider. No `deleteUnreachable`: a refresh during an outage would forget everything in the cluster. */
export function createProvider(
  name: string,
  args: {
    readonly kubeconfig: pulumi.Output<string>;
    readonly context?: string;
    readonly upsertExistingObjects?: true;
  },
  parent: pulumi.Resource,
): k8s.Provider {
  return new k8s.Provider(
    name,
    {
      ...args,
      // Else a changed certificate or remote secret would be deleted first and be missing for a moment.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    },
    { parent },
  );
}

/**
 * Options for an object that owns nothing in AWS: when the cluster goes in the same run, nobody asks a dying API
 * server to delete it first.
 */
export function inCluster(
  cluster: ClusterHandle,
  parent: pulumi.Resource,
  dependsOn: Dependencies,
): pulumi.CustomResourceOptions {
  const { goesWith } = cluster;
  return { ...owningInAws(cluster, parent, dependsOn), ...(goesWith === undefined ? {} : { deletedWith: goesWith }) };
}

/**
 * Options for what owns something in AWS, such as a load balancer: it must be deleted itself, always. Skipping it would
 * orphan load balancers, interfaces and security groups, and the VPC could not go.
 */
export function owningInAws(
  cluster: ClusterHandle,
  parent: pulumi.Resource,
  dependsOn: Dependencies,
): pulumi.CustomResourceOptions {
  return { parent, provider: cluster.provider, dependsOn: [...dependsOn] };
}

/**
 * Text that is known after `up`, where objects and values expect finished text: Pulumi takes outputs at any depth of a
 * resource's inputs, so that a preview shows all that is around them.
 */
export function knownLater(text: pulumi.Output<string>): string {
  return text as unknown as string;
}

/** Data that may only come into being with the resource, such as a certificate in a Secret. */
export type LiveFields = Readonly<Record<string, pulumi.Input<unknown>>>;

/** Registers a Kubernetes object. Objects of Istio's API become custom resources. */
export function createObject(
  name: string,
  object: KubernetesObject,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { apiVersion, kind, ...fields } = object;
  switch (`${apiVersion}/${kind}`) {
    case "v1/Namespace":
      return new k8s.core.v1.Namespace(name, fields, options);
    case "v1/Secret":
      return createSecret(name, object, options);
    case "v1/Service":
      return createService(name, object, options);
    case "v1/ConfigMap":
      return new k8s.core.v1.ConfigMap(name, fields, options);
    case "v1/ServiceAccount":
      return new k8s.core.v1.ServiceAccount(name, fields, options);
    case "v1/ResourceQuota":
      return new k8s.core.v1.ResourceQuota(name, fields, options);
    case "v1/LimitRange":
      return new k8s.core.v1.LimitRange(name, fields, options);
    case "apps/v1/Deployment":
      return new k8s.apps.v1.Deployment(name, fields as unknown as k8s.apps.v1.DeploymentArgs, options);
    default:
      return new k8s.apiextensions.CustomResource(name, { apiVersion, kind, ...fields }, options);
  }
}

/**
 * Registers objects in a cluster, each under `prefix` and its own name. Services come after Deployments: the provider
 * waits until they have ready pods, and of a run that failed elsewhere nothing more is begun.
 */
export function createObjects(
  prefix: string,
  objects: readonly KubernetesObject[],
  cluster: ClusterHandle,
  parent: pulumi.Resource,
  dependsOn: Dependencies,
): pulumi.Resource[] {
  const create = (object: KubernetesObject, further: Dependencies) =>
    createObject(`${prefix}-${object.metadata.name}`, object, inCluster(cluster, parent, [...dependsOn, ...further]));
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const deployments = of("Deployment").map((object) => create(object, []));
  const services = of("Service").map((object) => create(object, deployments));
  const others = objects.filter(({ kind }) => !["Deployment", "Service"].includes(kind));
  return [...deployments, ...services, ...others.map((object) => create(object, []))];
}

export function createSecret(
  name: string,
  { apiVersion: _apiVersion, kind: _kind, ...fields }: KubernetesObject,
  options: pulumi.CustomResourceOptions,
  live: LiveFields = {},
): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(name, { ...fields, ...live }, options);
}

export function createService(
  name: string,
  { apiVersion: _apiVersion, kind: _kind, ...fields }: KubernetesObject,
  options: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  return new k8s.core.v1.Service(name, fields, options);
}

export interface ReleaseArgs {
  /** Helm's name for it, which becomes part of the names of the chart's objects. */
  readonly release: string;
  readonly namespace: string;
  readonly chart: ChartReference;
  readonly values: HelmValues | pulumi.Inputs;
  /** Seconds that an install, an upgrade or an uninstall may take. */
  readonly timeout: number;
}

/**
 * Installs a chart with Helm itself: hooks run, an upgrade is a real upgrade, and both install and uninstall are waited
 * for. Neither `atomic` (which would uninstall the evidence of a failure) nor `skipAwait` (which would race).
 */
export function createRelease(
  name: string,
  { release, namespace, chart, values, timeout }: ReleaseArgs,
  options: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(name, { name: release, namespace, ...chart, values, timeout }, options);
}
