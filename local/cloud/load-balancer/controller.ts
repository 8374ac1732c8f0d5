import type { LedgerLoadBalancers } from "../../aws/controller.ts";
import type { ClusterRecord } from "../../aws/runtime.ts";
import { KubeError } from "../cluster/kube-client.ts";
import type { KubeClient, KubeObject, WatchEvent } from "../cluster/kube-client.ts";
import { finalizer, isOurs, loadBalancerRequest, pairs } from "./model.ts";
import type { ControllerSettings, EndpointSlice, Service } from "./model.ts";

const deploymentName = "aws-load-balancer-controller";
const longestRetry = 60_000;

interface Deployment extends KubeObject {
  spec: { template: { spec: { containers: { args?: string[] }[] } } };
  status?: { availableReplicas?: number };
}

/**
 * The work of the AWS Load Balancer Controller in one cluster. It is done here, but only while the cluster's own
 * Deployment of that name has an available pod: no controller, no load balancer, and no end of a Service that has one.
 */
export class LoadBalancerController {
  readonly #cluster: ClusterRecord;
  readonly #client: KubeClient;
  readonly #ledger: LedgerLoadBalancers;
  readonly #log: (line: string) => void;
  readonly #stop = new AbortController();
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, EndpointSlice>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #busy = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #said = new Map<string, string>();
  #settings: ControllerSettings | undefined;

  constructor(cluster: ClusterRecord, client: KubeClient, ledger: LedgerLoadBalancers, log: (line: string) => void) {
    this.#cluster = cluster;
    this.#client = client;
    this.#ledger = ledger;
    this.#log = log;
  }

  start(): void {
    const { signal } = this.#stop;
    const deployments = `/apis/apps/v1/namespaces/kube-system/deployments`;
    void this.#client.watch<Deployment>(deployments, signal, (event) => {
      if (event.object.metadata.name === deploymentName) this.#onDeployment(event);
    });
    void this.#client.watch<Service>("/api/v1/services", signal, ({ type, object }) => {
      const key = keyOf(object);
      if (type === "DELETED") this.#services.delete(key);
      else this.#services.set(key, object);
      this.#schedule(key);
    });
    void this.#client.watch<EndpointSlice>("/apis/discovery.k8s.io/v1/endpointslices", signal, ({ type, object }) => {
      const key = keyOf(object);
      if (type === "DELETED") this.#slices.delete(key);
      else this.#slices.set(key, object);
      this.#schedule(`${object.metadata.namespace}/${serviceOf(object)}`);
    });
  }

  stop(): void {
    this.#stop.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#client.close();
  }

  #onDeployment({ type, object }: WatchEvent<Deployment>): void {
    const available = type !== "DELETED" && (object.status?.availableReplicas ?? 0) > 0;
    const before = this.#settings;
    this.#settings = available ? settingsOf(object, this.#cluster) : undefined;
    if ((before === undefined) !== (this.#settings === undefined)) {
      this.#log(`${this.#cluster.name}: load balancer controller ${available ? "is available" : "is not available"}`);
    }
    if (available) for (const key of this.#services.keys()) this.#schedule(key);
  }

  /** Changes in quick succession are handled once. */
  #schedule(key: string, delay = 50): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#run(key), delay),
    );
  }

  async #run(key: string): Promise<void> {
    if (this.#busy.has(key)) {
      this.#schedule(key);
      return;
    }
    const service = this.#services.get(key);
    if (service === undefined || this.#settings === undefined) return;
    this.#busy.add(key);
    try {
      await this.#reconcile(service, this.#settings);
      this.#failures.delete(key);
      this.#said.delete(key);
    } catch (error) {
      await this.#failed(key, service, error instanceof Error ? error.message : String(error));
    } finally {
      this.#busy.delete(key);
    }
  }

  async #reconcile(service: Service, settings: ControllerSettings): Promise<void> {
    const { metadata } = service;
    const held = metadata.finalizers?.includes(finalizer) ?? false;
    if (metadata.deletionTimestamp !== undefined || !isOurs(service)) {
      if (!held) return;
      await this.#ledger.delete({
        cluster: settings.clusterName,
        region: settings.region,
        service: { namespace: metadata.namespace ?? "default", name: metadata.name },
      });
      await this.#setFinalizers(
        service,
        (metadata.finalizers ?? []).filter((name) => name !== finalizer),
      );
      return;
    }
    const slices = [...this.#slices.values()].filter(
      (slice) => serviceOf(slice) === metadata.name && slice.metadata.namespace === metadata.namespace,
    );
    const request = loadBalancerRequest(settings, service, slices);
    if (!held) await this.#setFinalizers(service, [...(metadata.finalizers ?? []), finalizer]);
    const { hostname } = await this.#ledger.ensure(request);
    if (service.status?.loadBalancer?.ingress?.[0]?.hostname === hostname) return;
    const status = { loadBalancer: { ingress: [{ hostname }] } };
    await this.#client.call("PATCH", `${pathOf(service)}/status`, { status }, "application/merge-patch+json");
    await this.#event(service, "Normal", "SuccessfullyReconciled", "Successfully reconciled");
  }

  async #setFinalizers(service: Service, finalizers: string[]): Promise<void> {
    const { resourceVersion } = service.metadata;
    const patch = { metadata: { finalizers, resourceVersion } };
    await this.#client.call("PATCH", pathOf(service), patch, "application/merge-patch+json");
  }

  async #failed(key: string, service: Service, message: string): Promise<void> {
    const count = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, count);
    this.#schedule(key, Math.min(longestRetry, 500 * 2 ** count));
    // A conflict only means that the Service has changed meanwhile; the next turn sees it as it is.
    if (this.#said.get(key) === message || message.includes("the object has been modified")) return;
    this.#said.set(key, message);
    this.#log(`${this.#cluster.name}: Service ${key}: ${message}`);
    await this.#event(service, "Warning", "FailedDeployModel", `Failed deploy model due to ${message}`).catch(
      (error: unknown) => {
        if (!(error instanceof KubeError)) throw error;
      },
    );
  }

  async #event({ metadata }: Service, type: string, reason: string, message: string): Promise<void> {
    const namespace = metadata.namespace ?? "default";
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const { name, uid, resourceVersion } = metadata;
    await this.#client.call("POST", `/api/v1/namespaces/${namespace}/events`, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${Date.now().toString(16)}`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Service", name, namespace, uid, resourceVersion },
      type,
      reason,
      message: message.slice(0, 1000),
      source: { component: "service" },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function serviceOf({ metadata }: EndpointSlice): string {
  return metadata.labels?.["kubernetes.io/service-name"] ?? "";
}

function pathOf({ metadata }: Service): string {
  return `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}`;
}

/** The controller's own command line decides whose load balancers it makes and how they are tagged. */
function settingsOf(deployment: Deployment, cluster: ClusterRecord): ControllerSettings {
  const args = deployment.spec.template.spec.containers.flatMap((container) => container.args ?? []);
  const value = (flag: string): string | undefined =>
    args.find((argument) => argument.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  return {
    clusterName: value("cluster-name") ?? cluster.name,
    region: value("aws-region") ?? cluster.region,
    defaultTags: pairs(value("default-tags")),
  };
}
