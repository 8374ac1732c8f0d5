/** A cluster of a running lab, spoken to through its API server. */
import { type Duplex, Writable } from "node:stream";
import {
  ApiException,
  CoreV1Api,
  Exec,
  KubernetesObjectApi,
  Log,
  PatchStrategy,
  PortForward,
  V1Eviction,
  type KubeConfig,
  type KubernetesObject as WireObject,
  type V1Status,
} from "@kubernetes/client-node";
import type { KubernetesObject } from "../../istio/object.ts";
import type { Cluster, ContainerOf, Follow, Found, Reference, Selection } from "./cluster.ts";
import { reaching } from "./unreachable.ts";

/** Whose fields these are; as it was when only experiments wrote any, so that a lab that stands keeps its owner. */
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
    await this.#ask(() => this.#objects.patch(wire, undefined, undefined, owner, true, PatchStrategy.ServerSideApply));
  }

  async merge(reference: Reference, change: object): Promise<void> {
    const wire = mergePatch(reference, change) as unknown as WireObject;
    await this.#ask(() =>
      this.#objects.patch(wire, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch),
    );
  }

  async read<T>(reference: Reference): Promise<Found<T> | undefined> {
    return this.#ask(() =>
      unlessMissing(async () => (await this.#objects.read<WireObject>(reference)) as unknown as Found<T>),
    );
  }

  async list<T>(apiVersion: string, kind: string, { namespace, labels }: Selection = {}): Promise<Found<T>[]> {
    const none = undefined;
    const { items } = await this.#ask(() =>
      this.#objects.list(apiVersion, kind, namespace, none, none, none, none, labels),
    );
    return items as unknown as Found<T>[];
  }

  async remove(reference: Reference, grace?: number): Promise<void> {
    const none = undefined;
    await this.#ask(() => unlessMissing(() => this.#objects.delete(reference, none, none, grace, none, "Background")));
  }

  async rehearse<T>(object: KubernetesObject): Promise<Found<T>> {
    const wire = object as unknown as WireObject;
    return (await this.#ask(() => this.#objects.create(wire, undefined, "All", fieldManager))) as unknown as Found<T>;
  }

  async evict(namespace: string, name: string): Promise<void> {
    const body = Object.assign(new V1Eviction(), { metadata: { name, namespace } });
    await this.#ask(() => this.#core.createNamespacedPodEviction({ name, namespace, body }));
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

  async log(at: ContainerOf, follow?: Follow): Promise<string> {
    const out = new Collector(follow?.heard);
    // A connection that breaks, or is given up, is an error of the stream that the library reads from.
    out.on("pipe", (source) => source.on("error", () => out.destroy()));
    const stop = await new Log(this.#config).log(at.namespace, at.pod, at.container, out, {
      follow: follow !== undefined,
    });
    follow?.signal.addEventListener("abort", () => {
      stop.abort();
    });
    await new Promise((resolve) => out.on("close", resolve).on("error", resolve));
    return out.text;
  }

  async forward(namespace: string, pod: string, port: number, connection: Duplex): Promise<void> {
    const socket: unknown = await this.#ask(() =>
      new PortForward(this.#config).portForward(namespace, pod, [port], connection, null, connection),
    );
    endTogether(socket as Closing, connection);
  }

  #ask<T>(call: () => Promise<T>): Promise<T> {
    return reaching(this.name, call);
  }
}

/** The change with what says whose it is; labels and annotations of the change stay. */
export function mergePatch(reference: Reference, change: { readonly metadata?: object }): object {
  return { ...reference, ...change, metadata: { ...change.metadata, ...reference.metadata } };
}

/** As much of a WebSocket as its end. */
interface Closing {
  onclose: () => void;
  close(): void;
}

/**
 * The library leaves either open when the other ends, so a browser would wait on a connection that it keeps for a pod
 * that is gone. https://github.com/kubernetes-client/javascript/blob/main/src/portforward.ts
 */
function endTogether(socket: Closing, connection: Duplex): void {
  // What has come already is still handed on.
  socket.onclose = () => connection.end(() => connection.destroy());
  const close = () => {
    socket.close();
  };
  if (connection.destroyed) close();
  else connection.once("close", close);
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
