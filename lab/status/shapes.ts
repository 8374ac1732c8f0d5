/** As much of Kubernetes' objects as `lab status` reads. */
import type { Found } from "../cluster/cluster.ts";

export type NodeObject = Found<{
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly nodeInfo?: { readonly kubeletVersion: string };
  };
}>;

export type DeploymentObject = Found<{
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly readyReplicas?: number };
}>;

interface Container {
  readonly name: string;
  readonly image: string;
}

export type PodObject = Found<{
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string | Date;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly hostNetwork?: boolean;
  };
  readonly status: { readonly phase: string; readonly podIP?: string };
}>;

export type ServiceObject = Found<{
  readonly spec: { readonly type?: string };
  readonly status: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
    };
  };
}>;

/** Its proxy, which since Kubernetes has sidecars may be an init container that stays. */
export const proxyOf = ({ spec }: Pick<PodObject, "spec">): Container | undefined =>
  [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === "istio-proxy");

export const runs = ({ metadata, status }: PodObject): boolean =>
  status.phase === "Running" && metadata.deletionTimestamp === undefined;

/** Neither a Job's that is done, nor evicted, nor on its way out; it may still be starting. */
export const lives = ({ metadata, status }: PodObject): boolean =>
  metadata.deletionTimestamp === undefined && status.phase !== "Succeeded" && status.phase !== "Failed";

/**
 * The revision of the control plane that a pod is of. The injector writes it into an annotation, beside a label that a
 * gateway may have from its chart and that may be a tag's name; istiod and ztunnel have the label alone.
 */
export const revisionOf = ({ metadata: { annotations = {}, labels = {} } }: Pick<PodObject, "metadata">): string =>
  annotations["istio.io/rev"] ?? labels["istio.io/rev"] ?? "default";

/** `bookinfo/ratings-v1-7d` */
export const placeOf = ({ metadata: { namespace = "", name } }: Found): string => `${namespace}/${name}`;

/** `1.31.1` of `docker.io/istio/proxyv2:1.31.1-distroless`; without what says how the image was built. */
export const versionOfImage = (image: string): string =>
  (/:([^:/@]+)(@.*)?$/.exec(image)?.[1] ?? "").replace(/-(distroless|debug)$/, "");
