import { createHash } from "node:crypto";
import { Pkcs10CertificateRequestGenerator } from "./x509.ts";
import type { GeneratedType } from "../host/generated.ts";
import { signingPair } from "./keys.ts";
import { alternativeNames, subjectFailures, subjectInputs, subjectName } from "./subject.ts";

/** tls.CertRequest: a PKCS #10 request, signed with the key that the certificate is to be for. */
export const certRequest: GeneratedType = {
  inputs: { ...subjectInputs, privateKeyPem: { type: "string", required: true } },
  outputs: ["certRequestPem", "keyAlgorithm"],
  secrets: ["privateKeyPem"],
  check: (inputs) => subjectFailures(inputs["subject"]),
  generate: async (inputs) => {
    const { keys, signing, algorithm } = await signingPair(String(inputs["privateKeyPem"]), "privateKeyPem");
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: subjectName(inputs["subject"]),
      keys,
      signingAlgorithm: signing,
      extensions: alternativeNames(inputs),
    });
    const id = createHash("sha1").update(new Uint8Array(request.rawData)).digest("hex");
    return { id, outputs: { certRequestPem: `${request.toString("pem")}\n`, keyAlgorithm: algorithm } };
  },
};
