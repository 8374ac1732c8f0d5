import { createHash } from "node:crypto";

/** "istio-system", "ingress" -> "k8s-istiosys-ingress-0a1b2c3d4e": at most 32 characters, as load balancers need. */
export function shortName(namespace: string, name: string, subject: string): string {
  const part = (text: string) => text.replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 8);
  return `k8s-${part(namespace)}-${part(name)}-${shortHash(subject)}`;
}

export function shortHash(text: string, length = 10): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
