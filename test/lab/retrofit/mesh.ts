/** A cluster whose controllers make new pods, which Istio's webhook gives a proxy where their namespace asks for one. */
import { FakeCluster } from "../experiment/fake-lab.ts";
import type { Reference } from "../../../lab/cluster/cluster.ts";

interface PodLike {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

export class MeshedCluster extends FakeCluster {
  /** The version that the injector gives. */
  version = "1.31.1";
  /** Deployments whose new pods never get ready. */
  readonly stuck = new Set<string>();

  override async merge(reference: Reference, change: object): Promise<void> {
    await super.merge(reference, change);
    if (reference.kind === "Deployment" && JSON.stringify(change).includes("restartedAt")) this.#renew(reference);
  }

  #renew({ metadata: { name, namespace = "" } }: Reference): void {
    if (this.stuck.has(name)) {
      const key = `Deployment ${namespace}/${name}`;
      const found = this.objects.get(key)!;
      this.objects.set(key, { ...found, status: { ...(found["status"] as object), readyReplicas: 0 } });
    }
    const injected = this.objects.get(`Namespace /${namespace}`)?.metadata.labels?.["istio-injection"] === "enabled";
    const proxies = injected ? [{ name: "istio-proxy", image: `docker.io/istio/proxyv2:${this.version}` }] : [];
    for (const pod of [...this.objects.values()] as unknown as PodLike[])
      if (pod.metadata.labels?.["app"] === name && pod.metadata.namespace === namespace)
        this.put({ ...pod, spec: { containers: [{ name: "app", image: "app:1" }, ...proxies] } } as never);
  }

  deploy(namespace: string, name: string, called: boolean, proxy?: string): void {
    const labels = { app: name };
    this.put({
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, generation: 1 } },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels } } },
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 },
    });
    if (called)
      this.put({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace },
        spec: { selector: labels },
      });
    this.pod(namespace, `${name}-1`, labels, proxy);
  }

  pod(namespace: string, name: string, labels: Record<string, string>, proxy?: string, phase = "Running"): void {
    const proxies = proxy === undefined ? [] : [{ name: "istio-proxy", image: `docker.io/istio/proxyv2:${proxy}` }];
    const containers = [{ name: "app", image: "app:1" }, ...proxies];
    this.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels },
      spec: { containers },
      status: { phase },
    });
  }
}
