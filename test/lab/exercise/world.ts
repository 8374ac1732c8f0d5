/** A lab in memory for exercises: clusters that hold what is applied, and an eye that sees what a test says is seen. */
import type { KubernetesObject } from "../../../istio/object.ts";
import { meshOf } from "../../../istio/plan-queries.ts";
import type { Reference } from "../../../lab/cluster/cluster.ts";
import type { ConnectedProxy } from "../../../lab/cluster/istiod.ts";
import type { Stage } from "../../../lab/exercise/exercise.ts";
import type { Answer, Call, Certificate, Eye, Place, Upstream } from "../../../lab/exercise/observe/eye.ts";
import { stageOf } from "../../../lab/exercise/stage.ts";
import type { OpenStack } from "../../../lab/stack/stack.ts";
import { readSource } from "../../../lab/plan/source.ts";
import { planConfig, planningTime } from "../../../topology/plan.ts";
import { workloadClusters } from "../../../topology/queries.ts";
import type { ClusterPlan } from "../../../topology/types.ts";
import { FakeCluster } from "../experiment/fake-lab.ts";

export type Caller = (call: Call, world: World) => readonly Partial<Answer>[] | Partial<Answer> | number | string;

/** What is seen, beside the objects that were applied. */
export interface Sight {
  readonly call?: Caller;
  readonly upstreams?: (of: Place, world: World) => readonly Upstream[];
  readonly certificate?: (of: Place, world: World) => Certificate | undefined;
  readonly connected?: (world: World) => readonly ConnectedProxy[];
}

/** Has pods for its Deployments, which get a proxy where their namespace asks for one and nothing forbids it. */
export class PodCluster extends FakeCluster {
  /** Of the proxies that are injected, by the tag that their namespace follows; without one it is `default`. */
  readonly versions: Readonly<Record<string, string>>;
  #made = 0;
  #seconds = 0;

  constructor(name: string, versions: Readonly<Record<string, string>>) {
    super(name);
    this.versions = versions;
  }

  get version(): string {
    return this.versions["default"]!;
  }

  /** A second later than what was made before it. */
  override put(object: Parameters<FakeCluster["put"]>[0]): void {
    this.#seconds += 1;
    const creationTimestamp = new Date(Date.UTC(2026, 10, 28) + this.#seconds * 1000).toISOString();
    super.put({ ...object, metadata: { creationTimestamp, ...object.metadata } } as typeof object);
  }

  override async apply(object: KubernetesObject): Promise<void> {
    // Server-side apply leaves alone what it does not name.
    await super.apply(object);
    if (object.kind === "Deployment") this.#renew(object);
    if (object.kind === "Pod") this.put({ ...object, status: { phase: "Running", podIP: "10.0.1.1" } });
  }

  override async merge(reference: Reference, change: object): Promise<void> {
    await super.merge(reference, change);
    const found = this.objectOf(reference);
    // Those of the control plane are furnished without a template.
    if (reference.kind === "Deployment" && hasPods(found!["spec"])) this.#renew(found as unknown as KubernetesObject);
  }

  override async remove(reference: Reference): Promise<void> {
    await super.remove(reference);
    const { name, namespace = "" } = reference.metadata;
    if (reference.kind === "Namespace")
      for (const [key, { metadata }] of this.objects) if (metadata.namespace === name) this.objects.delete(key);
    if (reference.kind === "Deployment") this.#removePods(namespace, name);
  }

  objectOf({ kind, metadata }: Reference) {
    return this.objects.get(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
  }

  #removePods(namespace: string, deployment: string): void {
    for (const [key, { kind, metadata }] of this.objects)
      if (kind === "Pod" && metadata.namespace === namespace && metadata.name.startsWith(`${deployment}-pod`))
        this.objects.delete(key);
  }

  /** As controllers do, in one go: new pods, and how many of them there are. */
  #renew(deployment: KubernetesObject): void {
    const before = this.#made;
    this.#makePods(deployment);
    const replicas = (deployment["spec"] as { replicas?: number }).replicas ?? 1;
    const ready = this.#made - before;
    this.put({
      ...deployment,
      metadata: { ...deployment.metadata, generation: 1 } as KubernetesObject["metadata"],
      status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: ready },
    });
  }

  #makePods({ metadata, spec }: KubernetesObject): void {
    const { name, namespace = "" } = metadata;
    const { replicas = 1, template } = spec as unknown as {
      readonly replicas?: number;
      readonly template: {
        readonly metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
        readonly spec: { containers: { name: string; image: string }[] };
      };
    };
    this.#removePods(namespace, name);
    const labels = this.objects.get(`Namespace /${namespace}`)?.metadata.labels ?? {};
    const revision = labels["istio.io/rev"];
    const asks = labels["istio-injection"] === "enabled" || revision !== undefined;
    const declines = template.metadata.annotations?.["sidecar.istio.io/inject"] === "false";
    // https://kubernetes.io/docs/concepts/security/pod-security-standards/: neither allows what istio-init needs.
    if (asks && ["baseline", "restricted"].includes(labels["pod-security.kubernetes.io/enforce"] ?? "")) return;
    const image = `docker.io/istio/proxyv2:${this.versions[revision ?? "default"] ?? "of nobody"}`;
    for (let at = 0; at < replicas; at += 1) {
      this.#made += 1;
      this.put({
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          ...{ name: `${name}-pod-${String(this.#made)}`, namespace },
          ...(template.metadata.labels === undefined ? {} : { labels: template.metadata.labels }),
          ...(template.metadata.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        },
        spec: {
          ...template.spec,
          containers: [...template.spec.containers, ...(asks && !declines ? [{ name: "istio-proxy", image }] : [])],
        },
        status: { phase: "Running", podIP: `10.0.0.${String(this.#made)}` },
      });
    }
  }
}

const hasPods = (spec: unknown): boolean =>
  (spec as { template?: { spec?: object } } | undefined)?.template?.spec !== undefined;

export class World {
  readonly lab: OpenStack;
  readonly stage: Stage;
  readonly clusters: ReadonlyMap<string, PodCluster>;
  sight: Sight = {};

  constructor(stack: string) {
    const source = readSource({ stack });
    const plan = planConfig(source.raw, planningTime(new Date("2026-11-28")));
    this.clusters = new Map(
      plan.clusters.map((cluster) => {
        const { version, revisions } = meshOf(plan, cluster);
        const tagged = revisions.flatMap(({ tag, version: its }) => (tag === undefined ? [] : [[tag, its] as const]));
        return [cluster.name, new PodCluster(cluster.name, { default: version, ...Object.fromEntries(tagged) })];
      }),
    );
    this.lab = {
      ...{ stack, file: source.file, plan, clusters: this.clusters },
      outputs: { clusters: {}, kubeconfigs: {}, meshVersion: "1.31.1", labId: "lab" },
    };
    this.stage = stageOf(plan);
    for (const cluster of plan.clusters) this.#furnish(cluster);
  }

  get near(): PodCluster {
    return this.clusters.get(this.stage.near.name)!;
  }

  get far(): PodCluster {
    return this.clusters.get(this.stage.far.name)!;
  }

  /** Pods of istiod, with the version that the plan says. */
  #furnish(plan: ClusterPlan): void {
    const cluster = this.clusters.get(plan.name)!;
    if (plan.controlPlane === undefined) return;
    for (let at = 0; at < plan.controlPlane.replicas; at += 1)
      cluster.put({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `istiod-${String(at)}`, namespace: plan.istioNamespace, labels: { app: "istiod" } },
        spec: {
          containers: [{ name: "discovery", image: `docker.io/istio/pilot:${cluster.version}` }],
          nodeName: `node-${String(at)}`,
        },
        status: { phase: "Running" },
      });
  }

  eye(): Eye {
    const clusterOf = (name: string) => this.clusters.get(name)!;
    return {
      list: (cluster, apiVersion, kind, selection) => clusterOf(cluster).list(apiVersion, kind, selection),
      read: (cluster, reference) => clusterOf(cluster).read(reference),
      call: (call) => Promise.resolve(this.#answers(call)),
      upstreams: (of) => Promise.resolve(this.sight.upstreams?.(of, this) ?? []),
      certificate: (of) => Promise.resolve(this.sight.certificate?.(of, this)),
      connected: () => Promise.resolve(this.sight.connected?.(this) ?? []),
      issue: (_cluster, host) => Promise.resolve({ chain: `certificate of ${host}`, key: `key of ${host}` }),
    };
  }

  /** A number stands for a status, a text for a body with 200; one answer for all that are asked for. */
  #answers(call: Call): readonly Answer[] {
    const said = this.sight.call?.(call, this) ?? 0;
    const list = Array.isArray(said)
      ? (said as Partial<Answer>[])
      : Array.from({ length: call.times ?? 1 }, () => said);
    return list.map((each) => {
      const answer: Partial<Answer> =
        typeof each === "number"
          ? { status: each }
          : typeof each === "string"
            ? { body: each }
            : (each as Partial<Answer>);
      const { status = 200, seconds = 0.01, body = "", failure = status === 0 ? 7 : 0 } = answer;
      return { status, seconds, body, failure };
    });
  }

  /** What is left of an exercise anywhere: objects that carry its label, and its namespaces with all that is in them. */
  leftOf(exercise: { readonly name: string; readonly namespaces: readonly string[] }): string[] {
    return workloadClusters(this.lab.plan.clusters).flatMap(({ name }) =>
      [...this.clusters.get(name)!.objects.entries()]
        .filter(
          ([, { kind, metadata }]) =>
            exercise.namespaces.includes(metadata.namespace ?? (kind === "Namespace" ? metadata.name : "")) ||
            metadata.labels?.["istio-lab/exercise"] === exercise.name,
        )
        .map(([key]) => `${name}: ${key}`),
    );
  }
}

/** What helloworld answers, of the versions in turn. */
export const hello = (times = 1, ...versions: string[]): Partial<Answer>[] =>
  Array.from({ length: times }, (_, at) => ({
    status: 200,
    body: `Hello version: ${versions[at % versions.length] ?? "?"}, instance: helloworld-${String(at)}`,
  }));

/** A destination as a proxy knows it, and how many requests it has sent there. */
export const upstreamOf = (name: string, requests: number, maxConnections?: number): Upstream => ({
  name,
  maxConnections,
  hosts: [{ address: "10.0.0.1:5000", requests, ejected: false }],
});

/** Proxies of a cluster that an istiod serves. */
export const servedBy = (at: string, pod: string, cluster: string, ...proxies: string[]): ConnectedProxy[] =>
  proxies.map((proxy) => ({ istiod: { cluster: at, pod }, proxy, cluster, version: "1.31.1" }));
