import { AuthorityKeyIdentifierExtension, X509CertificateGenerator } from "./x509.ts";
import type { GeneratedType } from "../host/generated.ts";
import {
  certificateExtensions,
  certificateInputs,
  certificateOutputs,
  certificateResult,
  expiredOutputs,
  newValidity,
  refreshRenewal,
} from "./certificate.ts";
import { signingPair } from "./keys.ts";
import { alternativeNames, subjectFailures, subjectInputs, subjectName } from "./subject.ts";
import { usageFailures } from "./usages.ts";

/** tls.SelfSignedCert. */
export const selfSignedCert: GeneratedType = {
  inputs: {
    ...certificateInputs,
    ...subjectInputs,
    privateKeyPem: { type: "string", required: true },
    setAuthorityKeyId: { type: "boolean", default: false },
  },
  outputs: [...certificateOutputs, "keyAlgorithm"],
  secrets: ["privateKeyPem"],
  check: (inputs) => [...usageFailures(inputs["allowedUses"]), ...subjectFailures(inputs["subject"])],
  refresh: refreshRenewal,
  expired: expiredOutputs,
  generate: async (inputs) => {
    const { keys, signing, algorithm } = await signingPair(String(inputs["privateKeyPem"]), "privateKeyPem");
    const extensions = await certificateExtensions(inputs, keys.publicKey);
    if (inputs["setAuthorityKeyId"] === true) {
      extensions.push(await AuthorityKeyIdentifierExtension.create(keys.publicKey));
    }
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...newValidity(inputs),
      name: subjectName(inputs["subject"]),
      keys,
      signingAlgorithm: signing,
      extensions: [...extensions, ...alternativeNames(inputs)],
    });
    const { id, outputs } = certificateResult(certificate);
    return { id, outputs: { ...outputs, keyAlgorithm: algorithm } };
  },
};
