import { ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension } from "./x509.ts";
import type { Extension } from "./x509.ts";
import type { CheckFailure } from "../host/provider.ts";

/** Words of `allowedUses` that are bits of the key usage extension. They are snake_case, whatever the SDK's comments say. */
const keyUsages: Record<string, number> = {
  digital_signature: KeyUsageFlags.digitalSignature,
  content_commitment: KeyUsageFlags.nonRepudiation,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  data_encipherment: KeyUsageFlags.dataEncipherment,
  key_agreement: KeyUsageFlags.keyAgreement,
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  encipher_only: KeyUsageFlags.encipherOnly,
  decipher_only: KeyUsageFlags.decipherOnly,
};

/** Words that are object identifiers of the extended key usage extension. */
const extendedUsages: Record<string, string> = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
};

/** Refuses words that are no usage. The real provider's create code would skip them silently. */
export function usageFailures(allowedUses: unknown): CheckFailure[] {
  if (!Array.isArray(allowedUses)) return [];
  const known = [...Object.keys(keyUsages), ...Object.keys(extendedUsages)];
  return allowedUses
    .filter((use) => !known.includes(String(use)))
    .map((use) => ({
      property: "allowedUses",
      reason: `value must be one of: ${known.join(", ")}, got: ${String(use)}`,
    }));
}

/** The extensions that say what a certificate may be used for. */
export function usageExtensions(allowedUses: string[]): Extension[] {
  const bits = allowedUses.map((use): number => keyUsages[use] ?? 0);
  const flags = bits.reduce((sum, bit) => sum | bit, 0);
  const extended = allowedUses.flatMap((use) => extendedUsages[use] ?? []);
  return [
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a sum of bits is no member of its enum
    ...(flags === 0 ? [] : [new KeyUsagesExtension(flags, true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended, false)]),
  ];
}
