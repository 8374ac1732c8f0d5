import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A key pair for signing certificates. */
export interface SigningPair {
  /** As the provider names it: RSA, ECDSA or ED25519. */
  algorithm: string;
  keys: CryptoKeyPair;
  /** The hash that Go's crypto/x509 would choose for this key. */
  signing: { name: string; hash?: string };
}

type CryptoKeyPair = { publicKey: webcrypto.CryptoKey; privateKey: webcrypto.CryptoKey };

/** WebCrypto's curves by OpenSSL's names, with the hash of each. */
const curves: Record<string, { namedCurve: string; hash: string }> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

/**
 * Reads a private key in any of the PEM forms that tls.PrivateKey gives.
 *
 * @param property named in errors
 * @throws for text that is no key, and for a P224 key, which WebCrypto does not sign with
 */
export async function signingPair(pem: string, property: string): Promise<SigningPair> {
  const key = parsePrivateKey(pem, property);
  const { import: algorithm, signing, name } = algorithmsOf(key);
  const subtle = webcrypto.subtle;
  const der = key.export({ type: "pkcs8", format: "der" });
  const publicDer = createPublicKey(key).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", der, algorithm, true, ["sign"]),
    subtle.importKey("spki", publicDer, algorithm, true, ["verify"]),
  ]);
  return { algorithm: name, keys: { privateKey, publicKey }, signing };
}

function parsePrivateKey(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`Failed to parse ${property}: no PEM-encoded private key (${(error as Error).message})`);
  }
}

function algorithmsOf(key: KeyObject) {
  switch (key.asymmetricKeyType) {
    case "rsa": {
      const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
      return { name: "RSA", import: algorithm, signing: algorithm };
    }
    case "ed25519":
      return { name: "ED25519", import: { name: "Ed25519" }, signing: { name: "Ed25519" } };
    case "ec": {
      const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
      if (!curve) {
        throw new Error(
          "the local cloud signs no certificates with this elliptic curve, and Istio takes only P256 and P384: " +
            'set ecdsaCurve: "P256" on the PrivateKey (the default is P224)',
        );
      }
      return {
        name: "ECDSA",
        import: { name: "ECDSA", namedCurve: curve.namedCurve },
        signing: { name: "ECDSA", hash: curve.hash },
      };
    }
    default:
      throw new Error(`keys of type ${String(key.asymmetricKeyType)} are not supported`);
  }
}
