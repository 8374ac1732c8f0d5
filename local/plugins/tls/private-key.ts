import { createHash, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { GeneratedType } from "../host/generated.ts";
import { opensshPrivateKey, opensshPublicKey, sshPublicBlob } from "./openssh.ts";

const algorithms = ["RSA", "ECDSA", "ED25519"];

/** The provider's names of curves, and OpenSSL's. */
const curves: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

/** tls.PrivateKey. The default curve is P224, which neither certificates here nor Istio take: programs name a curve. */
export const privateKey: GeneratedType = {
  inputs: {
    algorithm: { type: "string", required: true },
    ecdsaCurve: { type: "string", default: "P224" },
    rsaBits: { type: "number", default: 2048 },
  },
  outputs: [
    "privateKeyPem",
    "privateKeyOpenssh",
    "privateKeyPemPkcs8",
    "publicKeyPem",
    "publicKeyOpenssh",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
  ],
  secrets: ["privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"],
  check: ({ algorithm, ecdsaCurve }) => [
    ...oneOf("algorithm", algorithm, algorithms),
    ...oneOf("ecdsaCurve", ecdsaCurve, Object.keys(curves)),
  ],
  generate: ({ algorithm, ecdsaCurve, rsaBits }) => {
    const { privateKey, publicKey } = newPair(String(algorithm), String(ecdsaCurve), Number(rsaBits));
    const blob = sshPublicBlob(publicKey);
    const publicDer = publicKey.export({ type: "spki", format: "der" });
    return Promise.resolve({
      id: createHash("sha1").update(publicDer).digest("hex"),
      outputs: {
        privateKeyPem: traditionalPem(privateKey),
        privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }),
        publicKeyPem: publicKey.export({ type: "spki", format: "pem" }),
        // OpenSSH knows no P224, and the real provider leaves these empty then.
        privateKeyOpenssh: blob ? opensshPrivateKey(privateKey) : "",
        publicKeyOpenssh: blob ? opensshPublicKey(blob) : "",
        publicKeyFingerprintMd5: blob ? md5Fingerprint(blob) : "",
        publicKeyFingerprintSha256: blob ? sha256Fingerprint(blob) : "",
      },
    });
  },
};

function oneOf(property: string, value: unknown, allowed: string[]) {
  if (value === undefined || allowed.includes(String(value))) return [];
  return [{ property, reason: `value must be one of: ${allowed.join(", ")}, got: ${String(value)}` }];
}

function newPair(algorithm: string, curve: string, bits: number): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case "RSA":
      return generateKeyPairSync("rsa", { modulusLength: bits });
    case "ECDSA":
      return generateKeyPairSync("ec", { namedCurve: curves[curve] ?? curve });
    default:
      return generateKeyPairSync("ed25519");
  }
}

/** `RSA PRIVATE KEY`, `EC PRIVATE KEY`, or `PRIVATE KEY` for Ed25519, which has no older form. */
function traditionalPem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }) as string;
    case "ec":
      return key.export({ type: "sec1", format: "pem" }) as string;
    default:
      return key.export({ type: "pkcs8", format: "pem" }) as string;
  }
}

function md5Fingerprint(blob: Buffer): string {
  const digest = createHash("md5").update(blob).digest("hex");
  return digest.match(/../g)?.join(":") ?? "";
}

function sha256Fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
