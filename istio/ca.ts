/**
 * The certificate authorities of a mesh: one root, and an intermediate for each cluster, which istiod reads from the
 * Secret `cacerts` (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/).
 */
import { istioNamespace } from "./namespaces.ts";
import type { KubernetesObject } from "./object.ts";

const day = 24;
/** The root lives for a year and may be replaced a month before its end. Hours. */
export const rootValidity = { hours: 365 * day, renewBefore: 30 * day };
/** An intermediate lives for 90 days and is replaced by the first `pulumi up` in its last 30. Hours. */
export const intermediateValidity = { hours: 90 * day, renewBefore: 30 * day };

/** Different subjects, because Go writes an authority key id only then. */
export function rootSubject(rootName: string): { commonName: string; organization: string } {
  return { commonName: rootName, organization: "Istio" };
}

export function intermediateSubject(cluster: string): { commonName: string; organization: string; locality: string } {
  return { commonName: `Intermediate CA of ${cluster}`, organization: "Istio", locality: cluster };
}

/** A name that Istio's own recipe gives an intermediate (istio/istio: tools/certs/common.mk). */
export const intermediateDnsName = `istiod.${istioNamespace}.svc`;

/** What an authority may do. No extended usages: Go would then ask for server authentication in the whole chain. */
export const authorityUses = ["cert_signing", "crl_signing", "digital_signature", "key_encipherment"] as const;

/** The Secret that must be there before istiod starts, but for its data. */
export function cacertsSecret(): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { name: "cacerts", namespace: istioNamespace } };
}

/** The data of `cacerts`, from PEM texts that end in a newline. */
export function cacertsData(pem: { root: string; intermediate: string; key: string }): Record<string, string> {
  return {
    "root-cert.pem": pem.root,
    "ca-cert.pem": pem.intermediate,
    "ca-key.pem": pem.key,
    "cert-chain.pem": pem.intermediate + pem.root,
  };
}
