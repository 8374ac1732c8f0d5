/**
 * The certificate authorities of a mesh: one root, and an intermediate for each cluster, which istiod reads from the
 * Secret `cacerts` (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/).
 */
import type { KubernetesObject } from "./object.ts";

const day = 24;

/**
 * Different subjects for root and intermediates, because Go writes an authority key id only then, and for generations of
 * a root, because two of one name confuse whoever verifies (https://github.com/istio/istio/issues/39987).
 */
export function rootSubject(rootName: string, generation: number): { commonName: string; organization: string } {
  return { commonName: generation === 1 ? rootName : `${rootName} ${generation}`, organization: "Istio" };
}

/** Days before a root's end from which on every `up` speaks of it: time for three steps with a day between them. */
const noticeDays = 60;

/**
 * What to say about a root that comes to its end; undefined while there is time.
 * @param now milliseconds since 1970
 */
export function rootNotice(rootName: string, end: string, now: number): string | undefined {
  const days = (Date.parse(end) - now) / (day * 3_600_000);
  if (!(days < noticeDays)) return undefined;
  return (
    `The certificate "${rootName}" ends on ${end.slice(0, 10)}, and then no workload of its mesh believes another. Nothing ` +
    "replaces it by itself before: docs/en/certificates.md tells how the next root takes its place, without a gap."
  );
}

/**
 * All roots that are trusted, as one PEM text. Sorted, so that the text is the same whichever of them signs: istiod
 * compares it with the one it has, and takes a text that it knows in part only with ISTIO_MULTIROOT_MESH.
 */
export const trustedRoots = (roots: readonly string[]): string => [...roots].sort().join("");

export function intermediateSubject(cluster: string): { commonName: string; organization: string; locality: string } {
  return { commonName: `Intermediate CA of ${cluster}`, organization: "Istio", locality: cluster };
}

/** A name that Istio's own recipe gives an intermediate (istio/istio: tools/certs/common.mk). */
export const intermediateDnsName = (namespace: string): string => `istiod.${namespace}.svc`;

/** What an authority may do. No extended usages: Go would then ask for server authentication in the whole chain. */
export const authorityUses = ["cert_signing", "crl_signing", "digital_signature", "key_encipherment"] as const;

/** The Secret that must be there before istiod starts, in its namespace, but for its data. */
export function cacertsSecret(namespace: string): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { name: "cacerts", namespace } };
}

/** The data of `cacerts`, from PEM texts that end in a newline. */
export function cacertsData(pem: {
  /** The root that signed the intermediate. */
  root: string;
  /** Every root that is trusted. */
  trusted: string;
  intermediate: string;
  key: string;
}): Record<string, string> {
  return {
    "root-cert.pem": pem.trusted,
    "ca-cert.pem": pem.intermediate,
    "ca-key.pem": pem.key,
    "cert-chain.pem": pem.intermediate + pem.root,
  };
}
