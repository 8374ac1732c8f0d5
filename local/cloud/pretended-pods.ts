import { KubeError } from "./cluster/kube-client.ts";
import type { KubeClient, KubeObject } from "./cluster/kube-client.ts";

interface ReplicaSet extends KubeObject {
  metadata: KubeObject["metadata"] & { generation?: number };
  spec: { replicas?: number };
  status?: { readyReplicas?: number; observedGeneration?: number };
}

interface Service extends KubeObject {
  spec: {
    selector?: Record<string, string>;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
  };
}

/**
 * A cluster without nodes (`ISTIO_LAB_NODES=none`) in which every ReplicaSet says at once that all its pods are ready,
 * and every Service has an endpoint. No pod exists: nothing serves, no webhook answers, no traffic flows. It is for
 * looking at what Pulumi, the API servers and the ledger do with each other, `npm run test:faults`, where real nodes
 * would cost most of the time and show nothing.
 */
export class PretendedPods {
  readonly #client: KubeClient;
  readonly #address: () => string;
  readonly #stop = new AbortController();

  /** @param address an endpoint for every Service, which refuses connections at once */
  constructor(client: KubeClient, address: () => string) {
    this.#client = client;
    this.#address = address;
  }

  start(): void {
    const { signal } = this.#stop;
    void this.#client.watch<ReplicaSet>("/apis/apps/v1/replicasets", signal, ({ type, object }) => {
      if (type !== "DELETED") void this.#attempt(() => this.#report(object));
    });
    void this.#client.watch<Service>("/api/v1/services", signal, ({ type, object }) => {
      const leaves = type === "DELETED" || object.metadata.deletionTimestamp !== undefined;
      if (!leaves && object.spec.selector !== undefined) void this.#attempt(() => this.#endpoint(object));
    });
  }

  stop(): void {
    this.#stop.abort();
    this.#client.close();
  }

  async #report({ metadata, spec, status }: ReplicaSet): Promise<void> {
    const wanted = spec.replicas ?? 1;
    const observedGeneration = metadata.generation ?? 1;
    if ((status?.readyReplicas ?? 0) === wanted && status?.observedGeneration === observedGeneration) return;
    const path = `/apis/apps/v1/namespaces/${metadata.namespace}/replicasets/${metadata.name}/status`;
    const counts = { replicas: wanted, fullyLabeledReplicas: wanted, readyReplicas: wanted, availableReplicas: wanted };
    const patch = { status: { ...counts, observedGeneration } };
    await this.#client.call("PATCH", path, patch, "application/merge-patch+json");
  }

  async #endpoint({ metadata, spec }: Service): Promise<void> {
    const { name, namespace, uid } = metadata;
    await this.#client.apply(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `${name}-pretended`,
        namespace,
        labels: { "kubernetes.io/service-name": name },
        ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid }],
      },
      addressType: "IPv4",
      endpoints: [{ addresses: [this.#address()], conditions: { ready: true } }],
      ports: (spec.ports ?? []).map(({ name: port = "", port: number, targetPort, protocol = "TCP" }) => ({
        name: port,
        port: typeof targetPort === "number" ? targetPort : number,
        protocol,
      })),
    } as KubeObject);
  }

  /** What changed meanwhile is seen again; a cluster that is going away needs nothing any more. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof KubeError && error.status >= 500) console.log(`pretended pods: ${error.message}`);
    }
  }
}
