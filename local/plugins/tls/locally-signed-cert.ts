import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "./x509.ts";
import type { Extension } from "./x509.ts";
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
import { usageFailures } from "./usages.ts";

/** tls.LocallySignedCert: subject, alternative names and key come from the request, everything else from the inputs. */
export const locallySignedCert: GeneratedType = {
  inputs: {
    ...certificateInputs,
    certRequestPem: { type: "string", required: true },
    caCertPem: { type: "string", required: true },
    caPrivateKeyPem: { type: "string", required: true },
  },
  outputs: [...certificateOutputs, "caKeyAlgorithm"],
  secrets: ["caPrivateKeyPem"],
  check: (inputs) => usageFailures(inputs["allowedUses"]),
  refresh: refreshRenewal,
  expired: expiredOutputs,
  generate: async (inputs) => {
    const authority = await signingPair(String(inputs["caPrivateKeyPem"]), "caPrivateKeyPem");
    const issuer = parse("caCertPem", () => new X509Certificate(String(inputs["caCertPem"])));
    const request = parse("certRequestPem", () => new Pkcs10CertificateRequest(String(inputs["certRequestPem"])));
    await refuseForeignKey(issuer, authority.keys.publicKey);
    if (!(await request.verify())) throw new Error("certRequestPem: the request's signature is not its own key's");
    const certificate = await X509CertificateGenerator.create({
      ...newValidity(inputs),
      subject: request.subjectName,
      issuer: issuer.subjectName,
      publicKey: request.publicKey,
      signingKey: authority.keys.privateKey,
      signingAlgorithm: authority.signing,
      extensions: [
        ...(await certificateExtensions(inputs, request.publicKey)),
        ...authorityKeyId(request, issuer),
        ...request
          .getExtensions(alternativeNameId)
          .map((extension) => new SubjectAlternativeNameExtension(extension.rawData)),
      ],
    });
    const { id, outputs } = certificateResult(certificate);
    return { id, outputs: { ...outputs, caKeyAlgorithm: authority.algorithm } };
  },
};

const alternativeNameId = "2.5.29.17";

/** As Go's crypto/x509: only where issuer and subject differ and the issuer has a key id. */
function authorityKeyId(request: Pkcs10CertificateRequest, issuer: X509Certificate): Extension[] {
  const keyId = issuer.getExtension(SubjectKeyIdentifierExtension);
  if (!keyId || issuer.subject === request.subject) return [];
  return [new AuthorityKeyIdentifierExtension(keyId.keyId)];
}

async function refuseForeignKey(issuer: X509Certificate, key: webcrypto.CryptoKey): Promise<void> {
  const own = await webcrypto.subtle.exportKey("spki", key);
  if (!Buffer.from(own).equals(Buffer.from(issuer.publicKey.rawData))) {
    throw new Error("x509: provided PrivateKey doesn't match parent's PublicKey (caPrivateKeyPem, caCertPem)");
  }
}

function parse<Value>(property: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new Error(`Failed to parse ${property}: ${(error as Error).message}`);
  }
}
