import { createPublicKey, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** SSH's names for NIST curves, by OpenSSL's. https://www.rfc-editor.org/rfc/rfc5656#section-6.1 */
const sshCurves: Record<string, string> = { prime256v1: "nistp256", secp384r1: "nistp384", secp521r1: "nistp521" };

/**
 * A public key as SSH sends it (https://www.rfc-editor.org/rfc/rfc4253#section-6.6), or undefined for a curve that SSH
 * does not know.
 */
export function sshPublicBlob(key: KeyObject): Buffer | undefined {
  const fields = publicFields(key);
  return fields && Buffer.concat(fields.map(field));
}

/** The line of an authorized_keys file. */
export function opensshPublicKey(blob: Buffer): string {
  const nameLength = blob.readUInt32BE(0);
  return `${blob.toString("utf8", 4, 4 + nameLength)} ${blob.toString("base64")}\n`;
}

/**
 * A private key in OpenSSH's own format, not encrypted.
 * https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
 */
export function opensshPrivateKey(key: KeyObject): string {
  const blob = sshPublicBlob(createPublicKey(key));
  const fields = privateFields(key);
  if (!blob || !fields) throw new Error("OpenSSH has no format for this key");
  const check = randomBytes(4);
  const secretPart = Buffer.concat([check, check, ...fields.map(field), field("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (secretPart.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(field),
    one,
    field(blob),
    field(Buffer.concat([secretPart, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function publicFields(key: KeyObject): (string | Buffer)[] | undefined {
  const curve = sshCurves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (key.asymmetricKeyType === "ec" && !curve) return undefined;
  const jwk = key.export({ format: "jwk" });
  switch (jwk.kty) {
    case "RSA":
      return ["ssh-rsa", integer(jwk.e), integer(jwk.n)];
    case "OKP":
      return ["ssh-ed25519", bytes(jwk.x)];
    default:
      return [`ecdsa-sha2-${curve}`, curve ?? "", Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)])];
  }
}

function privateFields(key: KeyObject): (string | Buffer)[] | undefined {
  const jwk = key.export({ format: "jwk" });
  switch (jwk.kty) {
    case "RSA":
      return ["ssh-rsa", ...[jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(integer)];
    case "OKP":
      return ["ssh-ed25519", bytes(jwk.x), Buffer.concat([bytes(jwk.d), bytes(jwk.x)])];
    default: {
      const fields = publicFields(createPublicKey(key));
      return fields && [...fields, integer(jwk.d)];
    }
  }
}

/** A length-prefixed string. */
function field(value: string | Buffer): Buffer {
  const content = typeof value === "string" ? Buffer.from(value) : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

function bytes(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? "", "base64url");
}

/** A positive integer: no leading zeros, but one where the first bit would make it negative. */
function integer(base64url: string | undefined): Buffer {
  const content = bytes(base64url);
  const start = content.findIndex((byte) => byte !== 0);
  const trimmed = content.subarray(Math.max(start, 0));
  return (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
}
