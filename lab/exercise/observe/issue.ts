/**
 * A certificate for a host name, from the authority that istiod of a cluster signs with. istiod itself gives out SPIFFE
 * identities alone (https://istio.io/latest/docs/concepts/security/#pki), so what a gateway shows to users is made here.
 */
// @peculiar/x509 keeps its parts in tsyringe, which needs this before anything else.
import "reflect-metadata";
import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { istioNamespace } from "../../../topology/names.ts";
import { certificatesIn } from "../../../topology/trust.ts";
import type { Cluster } from "../../cluster/cluster.ts";

const days = 7;
const ours = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/; the second is what istiod makes by itself. */
const authorities = ["cacerts", "istio-ca-secret"];

interface SecretObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * The authority's key stays in this process.
 * @throws Error where the cluster has no authority of its own, as a remote
 */
export async function issue(cluster: Cluster, host: string): Promise<{ chain: string; key: string }> {
  for (const name of authorities) {
    const metadata = { name, namespace: istioNamespace };
    const found = await cluster.read<SecretObject>({ apiVersion: "v1", kind: "Secret", metadata });
    const text = (key: string): string => Buffer.from(found?.data?.[key] ?? "", "base64").toString();
    if (found !== undefined) return signed({ certificate: text("ca-cert.pem"), key: text("ca-key.pem") }, host);
  }
  throw new Error(`In ${cluster.name} is neither of the Secrets ${authorities.join(" and ")} in ${istioNamespace}.`);
}

interface Authority {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** @returns the certificate with its authority's behind it, and its key */
export async function signed(authority: Authority, host: string): Promise<{ chain: string; key: string }> {
  const [first = ""] = certificatesIn(authority.certificate);
  const issuer = new x509.X509Certificate(first);
  const keys = await webcrypto.subtle.generateKey(ours, true, ["sign", "verify"]);
  const now = Date.now();
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [host] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now - 300_000),
    notAfter: new Date(now + days * 86_400_000),
    ...(await signingWith(authority)),
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const pem = `-----BEGIN PRIVATE KEY-----\n${(key.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END PRIVATE KEY-----\n`;
  return { chain: `${made.toString("pem")}\n${first}`, key: pem };
}

/** The lab's own authorities have keys of P-256; what istiod makes by itself is RSA. */
async function signingWith({ key }: Authority) {
  const der = createPrivateKey(key).export({ type: "pkcs8", format: "der" });
  const { asymmetricKeyType } = createPublicKey(key);
  const signingAlgorithm = asymmetricKeyType === "rsa" ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { ...ours };
  const signingKey = await webcrypto.subtle.importKey("pkcs8", der, signingAlgorithm, false, ["sign"]);
  return { signingAlgorithm, signingKey };
}

/** Positive, as RFC 5280 asks. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
