import { randomBytes } from "node:crypto";
import { BasicConstraintsExtension, SubjectKeyIdentifierExtension } from "./x509.ts";
import type { Extension, PublicKeyType, X509Certificate } from "./x509.ts";
import type { InputRule } from "../host/generated.ts";
import type { Properties } from "../host/values.ts";
import { usageExtensions } from "./usages.ts";

const hour = 3_600_000;

/** Inputs that self-signed and signed certificates share. */
export const certificateInputs: Record<string, InputRule> = {
  allowedUses: { type: "list", required: true },
  validityPeriodHours: { type: "number", required: true },
  earlyRenewalHours: { type: "number", default: 0, inPlace: true },
  isCaCertificate: { type: "boolean", default: false },
  maxPathLength: { type: "number" },
  setSubjectKeyId: { type: "boolean", default: false },
};

/** Outputs that self-signed and signed certificates share. */
export const certificateOutputs = ["certPem", "validityStartTime", "validityEndTime", "readyForRenewal"];

/** The serial number and the time for which a new certificate is valid. */
export function newValidity(inputs: Properties): { serialNumber: string; notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  const notAfter = new Date(notBefore.getTime() + Number(inputs["validityPeriodHours"]) * hour);
  const serial = randomBytes(16);
  // Positive, and not shorter than 16 bytes: the first bits are 01.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return { serialNumber: serial.toString("hex"), notBefore, notAfter };
}

/**
 * The extensions that follow from the inputs. As in the real provider a CA always gets a subject key id, and a
 * `maxPathLength` of 0 has no effect (Go takes 0 for "none" without MaxPathLenZero, which is never set).
 */
export async function certificateExtensions(inputs: Properties, publicKey: PublicKeyType): Promise<Extension[]> {
  const isCa = inputs["isCaCertificate"] === true;
  const pathLength = Number(inputs["maxPathLength"] ?? 0) || undefined;
  const withKeyId = isCa || inputs["setSubjectKeyId"] === true;
  return [
    ...usageExtensions(inputs["allowedUses"] as string[]),
    new BasicConstraintsExtension(isCa, isCa ? pathLength : undefined, true),
    ...(withKeyId ? [await SubjectKeyIdentifierExtension.create(publicKey)] : []),
  ];
}

/** The outputs of a new certificate; its id is the serial number in decimal. */
export function certificateResult(certificate: X509Certificate): { id: string; outputs: Properties } {
  return {
    id: BigInt(`0x${certificate.serialNumber}`).toString(),
    outputs: {
      certPem: `${certificate.toString("pem")}\n`,
      validityStartTime: rfc3339(certificate.notBefore),
      validityEndTime: rfc3339(certificate.notAfter),
      readyForRenewal: false,
    },
  };
}

/** Notes whether the time for an early renewal has come. */
export function refreshRenewal(properties: Properties): Properties {
  return { ...properties, readyForRenewal: dueForRenewal(properties) };
}

/** A certificate that is due is made anew by the next update; nothing else renews it. */
export function expiredOutputs(properties: Properties): string[] {
  return dueForRenewal(properties) ? ["readyForRenewal"] : [];
}

function dueForRenewal(properties: Properties): boolean {
  const end = Date.parse(String(properties["validityEndTime"]));
  return Date.now() > end - Number(properties["earlyRenewalHours"] ?? 0) * hour;
}

function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
