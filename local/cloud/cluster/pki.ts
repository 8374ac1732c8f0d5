// @peculiar/x509 keeps its parts in tsyringe, which needs this before anything else.
import "reflect-metadata";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { webcrypto } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const lifetimeDays = 365;

/** PEM texts. */
export interface Certificate {
  certificate: string;
  key: string;
}

export interface CertificateRequest {
  commonName: string;
  organization?: string;
  dnsNames?: string[];
  addresses?: string[];
}

/** A cluster's certificate authorities and keys, in one folder, made once. */
export interface Pki {
  directory: string;
  /** Signs everything but the aggregation layer's client. */
  authority: Certificate;
  /** Path of a file in the folder. */
  path(file: string): string;
}

/** Makes or opens a cluster's PKI: `ca`, `front-proxy-ca`, and the key that signs service-account tokens. */
export async function openPki(directory: string): Promise<Pki> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = (file: string): string => join(directory, file);
  if (!existsSync(path("sa.pub"))) {
    for (const name of ["ca", "front-proxy-ca"]) save(directory, name, await selfSigned(`kubernetes-${name}`));
    const tokens = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    writeSecret(path("sa.key"), tokens.privateKey);
    writeSecret(path("sa.pub"), tokens.publicKey);
  }
  return { directory, path, authority: read(directory, "ca") };
}

/** Writes `<name>.crt` and `<name>.key`, signed by the folder's authority (or another one in it). */
export async function issue(
  pki: Pki,
  name: string,
  request: CertificateRequest,
  authority = "ca",
): Promise<Certificate> {
  const made = await sign(read(pki.directory, authority), request);
  save(pki.directory, name, made);
  return made;
}

function read(directory: string, name: string): Certificate {
  const text = (suffix: string): string => readFileSync(join(directory, `${name}.${suffix}`), "utf8");
  return { certificate: text("crt"), key: text("key") };
}

function save(directory: string, name: string, { certificate, key }: Certificate): void {
  writeSecret(join(directory, `${name}.crt`), certificate);
  writeSecret(join(directory, `${name}.key`), key);
}

function writeSecret(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 300_000), notAfter: new Date(now + lifetimeDays * 86_400_000) };
}

/** Positive, as RFC 5280 asks. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

async function selfSigned(commonName: string): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ CN: [commonName] }],
    ...validity(),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem("CERTIFICATE", made.rawData), key: await privatePem(keys.privateKey) };
}

async function sign(authority: Certificate, request: CertificateRequest): Promise<Certificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const der = Buffer.from(authority.key.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const signingKey = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const names = [
    ...(request.dnsNames ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(request.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [
      ...(request.organization === undefined ? [] : [{ O: [request.organization] }]),
      { CN: [request.commonName] },
    ],
    issuer: issuer.subject,
    ...validity(),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: pem("CERTIFICATE", made.rawData), key: await privatePem(keys.privateKey) };
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key));
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** A kubeconfig with a client certificate, all inline. */
export function kubeconfig(server: string, authority: string, client: Certificate, tlsServerName?: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "cluster",
        cluster: {
          server,
          "certificate-authority-data": base64(authority),
          ...(tlsServerName === undefined ? {} : { "tls-server-name": tlsServerName }),
        },
      },
    ],
    users: [
      {
        name: "user",
        user: {
          "client-certificate-data": base64(client.certificate),
          "client-key-data": base64(client.key),
        },
      },
    ],
    contexts: [{ name: "cluster", context: { cluster: "cluster", user: "user" } }],
    "current-context": "cluster",
  });
}
