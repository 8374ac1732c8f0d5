/** A lab whose clusters keep objects in memory and write down what they are asked for. */
import type { Duplex } from "node:stream";
import type { KubernetesObject } from "../../../istio/object.ts";
import type { Platform } from "../../../lab/experiment/platforms/platform.ts";
import type { Cluster, ContainerOf, Found, Reference, Selection } from "../../../lab/cluster/cluster.ts";
import type { RunningLab } from "../../../lab/experiment/run/running-lab.ts";
import { readSource } from "../../../lab/plan/source.ts";
import { planConfig, planningTime } from "../../../topology/plan.ts";

type Stored = Record<string, unknown> & {
  metadata: { name: string; namespace?: string; uid: string; labels?: Record<string, string> };
};

const runningPod = {
  apiVersion: "v1",
  kind: "Pod",
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};
const selects = (deployment: Stored, labels: readonly string[]): boolean => {
  const { selector } = deployment["spec"] as { selector?: { matchLabels?: Record<string, string> } };
  const wanted = Object.entries(selector?.matchLabels ?? {}).map((each) => each.join("="));
  return wanted.length > 0 && wanted.every((each) => labels.includes(each));
};
const labelsOf = ({ metadata }: Stored): string[] =>
  Object.entries(metadata.labels ?? {}).map((each) => each.join("="));

export class FakeCluster implements Cluster {
  readonly name: string;
  readonly calls: string[] = [];
  readonly objects = new Map<string, Stored>();
  /** What is refused, by the beginning of a call such as `merge Deployment`. */
  readonly refused = new Set<string>();
  /** Called when a pod was removed, by its name. */
  removed: (pod: string) => void = () => undefined;
  /** What a command or a log prints. */
  prints: (at: ContainerOf, command: readonly string[]) => string = () => "";

  /** What webhooks make of an object, or throw. */
  admits: (object: KubernetesObject) => unknown = (object) => object;

  constructor(name: string) {
    this.name = name;
  }

  put(object: KubernetesObject | (Reference & object)): void {
    const { metadata } = object;
    this.objects.set(key(object), { ...object, metadata: { uid: `uid-of-${metadata.name}`, ...metadata } });
  }

  apply(object: KubernetesObject, owner?: string): Promise<void> {
    return this.#call(`apply ${key(object)}${owner === undefined ? "" : ` for ${owner}`}`, () => {
      this.put(object);
    });
  }

  merge(reference: Reference, change: object): Promise<void> {
    return this.#call(`merge ${key(reference)} ${JSON.stringify(change)}`, () => {
      const found = this.objects.get(key(reference));
      if (found === undefined) throw new Error(`no ${key(reference)}`);
      this.objects.set(key(reference), settled(merged(found, change) as Stored));
    });
  }

  read<T>(reference: Reference): Promise<Found<T> | undefined> {
    return Promise.resolve(this.objects.get(key(reference)) as Found<T> | undefined);
  }

  list<T>(apiVersion: string, kind: string, { namespace, labels = "" }: Selection = {}): Promise<Found<T>[]> {
    const wanted = labels.split(",").filter(Boolean);
    const all = [...this.objects.values()].filter(
      (each) =>
        each["kind"] === kind &&
        each["apiVersion"] === apiVersion &&
        (namespace === undefined || each.metadata.namespace === namespace) &&
        wanted.every((label) => labelsOf(each).includes(label)),
    );
    return Promise.resolve(all as unknown as Found<T>[]);
  }

  remove(reference: Reference, grace?: number): Promise<void> {
    return this.#call(`remove ${key(reference)}${grace === undefined ? "" : ` within ${grace} s`}`, () => {
      const gone = this.objects.get(key(reference));
      this.objects.delete(key(reference));
      if (gone?.["kind"] === "Pod") this.#replace(gone);
    });
  }

  async rehearse<T>(object: KubernetesObject): Promise<Found<T>> {
    let admitted: unknown;
    await this.#call(`rehearse ${key(object)}`, () => {
      admitted = this.admits(object);
    });
    return admitted as Found<T>;
  }

  forward(_namespace: string, _pod: string, _port: number, _connection: Duplex): Promise<void> {
    return Promise.reject(new Error("nothing to forward to"));
  }

  /** Its Deployment makes another, if it has one. */
  #replace(gone: Stored): void {
    const { name, namespace, labels } = gone.metadata;
    this.removed(name);
    const makers = [...this.objects.values()].filter(
      (each) => each["kind"] === "Deployment" && each.metadata.namespace === namespace && selects(each, labelsOf(gone)),
    );
    if (makers.length > 0)
      this.put({ ...gone, ...runningPod, metadata: { name: `${name}-again`, namespace, labels } } as never);
  }

  evict(namespace: string, name: string): Promise<void> {
    return this.#call(`evict ${namespace}/${name}`, () => {
      this.objects.delete(key({ kind: "Pod", metadata: { name, namespace } }));
    });
  }

  async exec(at: ContainerOf, command: readonly string[], heard?: (text: string) => void): Promise<string> {
    let text = "";
    await this.#call(`exec ${at.namespace}/${at.pod}/${at.container} ${command.join(" ")}`, () => {
      text = this.prints(at, command);
    });
    heard?.(text);
    return text;
  }

  log(at: ContainerOf): Promise<string> {
    return Promise.resolve(this.prints(at, []));
  }

  /** Says it a turn later, as a server would. */
  async #call(what: string, effect: () => void): Promise<void> {
    this.calls.push(what);
    await Promise.resolve();
    if ([...this.refused].some((start) => what.startsWith(start))) throw new Error(`${this.name} does not answer`);
    effect();
  }
}

const key = ({ kind, metadata }: { kind: string; metadata: { name: string; namespace?: string } }): string =>
  `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

/** RFC 7386. */
function merged(into: unknown, change: unknown): unknown {
  if (change === null || typeof change !== "object" || Array.isArray(change)) return change;
  const result: Record<string, unknown> = { ...(into as object) };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name] ?? {}, value);
  }
  return result;
}

/** What the controllers of a real cluster would make of a Deployment in the end. */
function settled(object: Stored): Stored {
  if (object["kind"] !== "Deployment") return object;
  const { replicas } = object["spec"] as { replicas: number };
  return {
    ...object,
    status: { replicas, updatedReplicas: replicas, readyReplicas: replicas, observedGeneration: 1 },
    metadata: { ...object.metadata, generation: 1 } as Stored["metadata"],
  };
}

/** A Deployment that runs, and its pods. */
export function putDeployment(
  cluster: FakeCluster,
  namespace: string,
  name: string,
  replicas: number,
  labels: Record<string, string> = { app: name },
): void {
  const spec = { replicas, selector: { matchLabels: labels } };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec };
  cluster.put(settled({ ...deployment, metadata: { ...deployment.metadata, uid: name } }) as never);
  for (let at = 0; at < replicas; at += 1) {
    const metadata = { name: `${name}-${at}`, namespace, labels };
    cluster.put({ ...runningPod, metadata, spec: { nodeName: `node-${at % 2}` } });
  }
}

export interface FakeLab extends RunningLab {
  readonly clusters: ReadonlyMap<string, FakeCluster>;
  /** Cuts that are in force, as prepared. */
  readonly cuts: Set<unknown>;
  /** Stack files that `pulumi up` was given. */
  readonly ups: string[];
}

/** A stack of the project, as far as experiments look at it. */
export function fakeLab(platform: Partial<Platform> = {}, stack = "multi"): FakeLab {
  const source = readSource({ stack });
  const plan = planConfig(source.raw, planningTime(new Date("2026-11-28")));
  const cuts = new Set<unknown>();
  const ups: string[] = [];
  return {
    stack,
    file: source.file,
    plan,
    outputs: { clusters: {}, kubeconfigs: {}, meshVersion: "1.31.1", labId: "lab" },
    clusters: new Map(plan.clusters.map(({ name }) => [name, new FakeCluster(name)])),
    platform: {
      name: "a test's",
      prepare: (cut) => Promise.resolve({ says: cut.says }),
      cut: (prepared) => Promise.resolve(void cuts.add(prepared)),
      mend: (prepared) => Promise.resolve(void cuts.delete(prepared)),
      ...platform,
    },
    up: (file) => Promise.resolve(void ups.push(file)),
    cuts,
    ups,
  };
}
