import type { Json } from "../topology/types.ts";

/** A Kubernetes object as plain data, before any tool has seen it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: Json | undefined;
}

/** The API versions of Istio's resources that the lab writes: the stable ones since 1.22. */
export const networkingApi = "networking.istio.io/v1";
/** EnvoyFilter has no other version. */
export const envoyFilterApi = "networking.istio.io/v1alpha3";
/** Kubernetes' own API for gateways (https://gateway-api.sigs.k8s.io/). */
export const gatewayApi = "gateway.networking.k8s.io/v1";
export const securityApi = "security.istio.io/v1";
