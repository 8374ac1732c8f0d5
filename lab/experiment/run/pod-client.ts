/** A client in the mesh: k6 in a pod of a cluster. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientOf } from "../experiment.ts";
import type { Request } from "../measure/request.ts";
import { clientObjects, logFile, teller, type LoadOptions } from "../workload/load.ts";
import { client, namespace } from "../workload/names.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { Told, type LoadClient, type ZoneOf } from "./load-client.ts";
import { until } from "../../cluster/wait.ts";

export class PodClient implements LoadClient {
  readonly name: string;
  readonly #cluster: Cluster;
  readonly #zoneOf: ZoneOf;
  readonly #pod: string;
  readonly #follow = new AbortController();
  #told: Told;

  private constructor(cluster: Cluster, zoneOf: ZoneOf, pod: string) {
    this.name = cluster.name;
    this.#cluster = cluster;
    this.#zoneOf = zoneOf;
    this.#pod = pod;
    this.#told = new Told(this.name, zoneOf);
  }

  /** Resolves when the first request was answered, or failed. */
  static async start(
    cluster: Cluster,
    images: string,
    place: ClientOf,
    options: LoadOptions,
    zoneOf: ZoneOf,
  ): Promise<PodClient> {
    // A name of its own each time, since the one before may still be going.
    const pod = `${client}-${Date.now().toString(36)}`;
    const load = new PodClient(cluster, zoneOf, pod);
    try {
      for (const object of clientObjects(images, pod, options, place)) await cluster.apply(object);
      await until(`k6 runs in ${cluster.name}`, 120, () => load.#state("running"));
      void load.#listen();
      await until(`k6 in ${cluster.name} sends requests`, 60, () =>
        Promise.resolve(load.#told.count > 0 || "it has told of none"),
      );
    } catch (error) {
      await load.dispose();
      throw error;
    }
    return load;
  }

  since(from: number): Request[] {
    return this.#told.since(from);
  }

  async stop(): Promise<Request[]> {
    const at = { namespace, pod: this.#pod, container: client };
    // k6 lets the requests that are under way end (https://grafana.com/docs/k6/latest/using-k6/scenarios/concepts/graceful-stop/).
    await this.#cluster.exec(at, ["/bin/sh", "-c", "kill -INT 1"]);
    await until(`k6 of ${this.name} ends`, 60, () => this.#state("terminated"));
    this.#follow.abort();
    // Once more from the start: what was followed may have gaps where a connection was lost.
    const whole = new Told(this.name, this.#zoneOf);
    whole.hear(await this.#cluster.exec({ ...at, container: teller }, ["cat", logFile]));
    return whole.all();
  }

  async dispose(): Promise<void> {
    this.#follow.abort();
    await this.#cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: { name: this.#pod, namespace } }, 0);
  }

  /** Follows what k6 tells; where the connection was lost, again from the start. */
  async #listen(): Promise<void> {
    const { signal } = this.#follow;
    const at = { namespace, pod: this.#pod, container: teller };
    while (!signal.aborted) {
      const told = new Told(this.name, this.#zoneOf);
      const heard = (text: string) => {
        told.hear(text);
        if (told.count >= this.#told.count) this.#told = told;
      };
      await this.#cluster.log(at, { heard, signal }).catch(() => undefined);
      await sleep(500);
    }
  }

  async #state(wanted: "running" | "terminated"): Promise<string | true> {
    const reference = { apiVersion: "v1", kind: "Pod", metadata: { name: this.#pod, namespace } };
    const found = await this.#cluster.read<PodState>(reference);
    const container = found?.status.containerStatuses?.find(({ name }) => name === client);
    const [state = "not made", details] = Object.entries(container?.state ?? {})[0] ?? [];
    if (state === wanted) return true;
    return [`its container is ${state}`, details?.reason, details?.message].filter(Boolean).join(", ");
  }
}

interface PodState {
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly state?: Readonly<Record<string, { readonly reason?: string; readonly message?: string }>>;
    }[];
  };
}
