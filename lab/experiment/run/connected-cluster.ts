/** A cluster of a running lab, spoken to through its API server. */
import { Writable } from "node:stream";
import {
  ApiException,
  CoreV1Api,
  Exec,
  KubernetesObjectApi,
  Log,
  PatchStrategy,
  V1Eviction,
  type KubeConfig,
  type KubernetesObject as WireObject,
  type V1Status,
} from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../istio/object.ts";
import type { Cluster, ContainerOf, Follow, Found, Reference, Selection } from "./cluster.ts";

const fieldManager = "istio-lab-experiment";

export class ConnectedCluster implements Cluster {
  readonly name: string;
  readonly #config: KubeConfig;
  readonly #objects: KubernetesObjectApi;
  readonly #core: CoreV1Api;

  constructor(name: string, config: KubeConfig) {
    this.name = name;
    this.#config = config;
    this.#objects = KubernetesObjectApi.makeApiClient(config);
    this.#core = config.makeApiClient(CoreV1Api);
  }

  async apply(object: KubernetesObject, owner = fieldManager): Promise<void> {
    const wire = object as unknown as WireObject;
    await this.#objects.patch(wire, undefined, undefined, owner, true, PatchStrategy.ServerSideApply);
  }

  async merge(reference: Reference, change: object): Promise<void> {
    const wire = { ...reference, ...change, metadata: reference.metadata } as unknown as WireObject;
    await this.#objects.patch(wire, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch);
  }

  async read<T>(reference: Reference): Promise<Found<T> | undefined> {
    return unlessMissing(async () => (await this.#objects.read<WireObject>(reference)) as unknown as Found<T>);
  }

  async list<T>(apiVersion: string, kind: string, { namespace, labels }: Selection = {}): Promise<Found<T>[]> {
    const none = undefined;
    const { items } = await this.#objects.list(apiVersion, kind, namespace, none, none, none, none, labels);
    return items as unknown as Found<T>[];
  }

  async remove(reference: Reference, grace?: number): Promise<void> {
    const none = undefined;
    await unlessMissing(() => this.#objects.delete(reference, none, none, grace, none, "Background"));
  }

  async evict(namespace: string, name: string): Promise<void> {
    const body = Object.assign(new V1Eviction(), { metadata: { name, namespace } });
    await this.#core.createNamespacedPodEviction({ name, namespace, body });
  }

  async exec(
    at: ContainerOf,
    command: readonly string[],
    heard: (text: string) => void = () => undefined,
  ): Promise<string> {
    const out = new Collector(heard);
    const err = new Collector();
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(this.#config)
        .exec(at.namespace, at.pod, at.container, [...command], out, err, null, false, resolve)
        .then((socket) => {
          (socket as unknown as { onclose: () => void }).onclose = () => {
            reject(new Error(`The connection to ${at.pod} in ${this.name} was lost while it ran ${command[0] ?? ""}.`));
          };
        })
        .catch(reject);
    });
    if (status.status === "Success") return out.text;
    const printed = [out.text, err.text].map((text) => text.trim()).filter(Boolean);
    throw new Error(
      [`${command.join(" ")} failed in ${at.pod} of ${this.name}: ${status.message ?? "?"}`, ...printed].join("\n"),
    );
  }

  async log(at: ContainerOf, { heard, signal }: Follow): Promise<void> {
    const out = new Collector(heard);
    // A connection that breaks, or is given up, is an error of the stream that the library reads from.
    out.on("pipe", (source) => source.on("error", () => out.destroy()));
    const stop = await new Log(this.#config).log(at.namespace, at.pod, at.container, out, {
      follow: true,
    });
    signal.addEventListener("abort", () => {
      stop.abort();
    });
    await new Promise((resolve) => out.on("close", resolve).on("error", resolve));
  }
}

/** Text that arrives in pieces. */
class Collector extends Writable {
  text = "";

  constructor(heard: (text: string) => void = () => undefined) {
    super({
      write: (chunk: Buffer, _encoding, done) => {
        const piece = chunk.toString();
        this.text += piece;
        heard(piece);
        done();
      },
    });
  }
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}
