import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey, createPublicKey } from "node:crypto";
import { describe, it } from "mocha";
import { certRequest } from "../../plugins/tls/cert-request.ts";
import { locallySignedCert } from "../../plugins/tls/locally-signed-cert.ts";
import { privateKey } from "../../plugins/tls/private-key.ts";
import { selfSignedCert } from "../../plugins/tls/self-signed-cert.ts";
import { BasicConstraintsExtension, X509Certificate as Parsed } from "../../plugins/tls/x509.ts";
import type { Properties } from "../../plugins/host/values.ts";

const p256 = { algorithm: "ECDSA", ecdsaCurve: "P256" };
const caUses = ["cert_signing", "crl_signing", "digital_signature"];

async function newKey(inputs: Properties = p256): Promise<Record<string, string>> {
  return (await privateKey.generate({ rsaBits: 2048, ...inputs })).outputs as Record<string, string>;
}

async function newRoot(key: string, more: Properties = {}): Promise<string> {
  const { outputs } = await selfSignedCert.generate({
    privateKeyPem: key,
    subject: { commonName: "Root", organization: "Lab" },
    allowedUses: caUses,
    validityPeriodHours: 24,
    isCaCertificate: true,
    ...more,
  });
  return String(outputs["certPem"]);
}

async function newIntermediate(caKey: string, caCert: string, more: Properties = {}): Promise<string> {
  const { privateKeyPem } = await newKey();
  const request = await certRequest.generate({
    privateKeyPem,
    subject: { commonName: "Intermediate", organization: "Lab" },
    dnsNames: ["istiod.istio-system.svc"],
  });
  const { outputs } = await locallySignedCert.generate({
    certRequestPem: request.outputs["certRequestPem"],
    caCertPem: caCert,
    caPrivateKeyPem: caKey,
    allowedUses: caUses,
    validityPeriodHours: 12,
    isCaCertificate: true,
    ...more,
  });
  return String(outputs["certPem"]);
}

describe("tls.PrivateKey", () => {
  it("has the PEM type of its algorithm, in every form the same key", async () => {
    const types = { P256: "EC PRIVATE KEY", P384: "EC PRIVATE KEY" };
    for (const [curve, type] of Object.entries(types)) {
      const key = await newKey({ algorithm: "ECDSA", ecdsaCurve: curve });
      assert.match(key["privateKeyPem"] ?? "", new RegExp(`^-----BEGIN ${type}-----`));
      const fromPkcs8 = createPublicKey(createPrivateKey(key["privateKeyPemPkcs8"] ?? ""));
      assert.equal(fromPkcs8.export({ type: "spki", format: "pem" }), key["publicKeyPem"]);
      assert.match(key["publicKeyFingerprintSha256"] ?? "", /^SHA256:[\w+/]{43}$/);
    }
    assert.match((await newKey({ algorithm: "RSA" }))["privateKeyPem"] ?? "", /^-----BEGIN RSA PRIVATE KEY-----/);
    assert.match((await newKey({ algorithm: "ED25519" }))["publicKeyOpenssh"] ?? "", /^ssh-ed25519 \S+\n$/);
  });

  it("refuses an algorithm and a curve that it does not know", () => {
    const failures = privateKey.check?.({ algorithm: "DSA", ecdsaCurve: "P-256" }) ?? [];
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["algorithm", "ecdsaCurve"],
    );
  });

  it("on the default curve P224 signs nothing, and says which curve to set", async () => {
    const key = await newKey({ algorithm: "ECDSA", ecdsaCurve: "P224" });
    await assert.rejects(newRoot(key["privateKeyPem"] ?? ""), /set ecdsaCurve: "P256" on the PrivateKey/);
  });
});

describe("certificates", () => {
  it("form a chain that another implementation verifies", async () => {
    const key = (await newKey())["privateKeyPem"] ?? "";
    const root = new X509Certificate(await newRoot(key));
    const intermediate = new X509Certificate(await newIntermediate(key, root.toString()));
    assert.equal(intermediate.verify(root.publicKey), true);
    assert.equal(intermediate.checkIssued(root), true);
    assert.equal(intermediate.ca, true);
    assert.equal(intermediate.subjectAltName, "DNS:istiod.istio-system.svc");
    const stranger = new X509Certificate(await newRoot((await newKey())["privateKeyPem"] ?? ""));
    assert.equal(intermediate.verify(stranger.publicKey), false);
  });

  it("end in one newline, so that concatenating them makes a valid bundle", async () => {
    const key = (await newKey())["privateKeyPem"] ?? "";
    assert.match(await newRoot(key), /-----END CERTIFICATE-----\n$/);
    assert.doesNotMatch(await newRoot(key), /\n\n/);
  });

  it("ignore a maxPathLength of 0, as the real provider does, and honour others", async () => {
    const key = (await newKey())["privateKeyPem"] ?? "";
    const pathLength = async (more: Properties) =>
      new Parsed(await newRoot(key, more)).getExtension(BasicConstraintsExtension)?.pathLength;
    assert.equal(await pathLength({ maxPathLength: 0 }), undefined);
    assert.equal(await pathLength({ maxPathLength: 1 }), 1);
  });

  it("refuse a key that is not the authority's", async () => {
    const root = await newRoot((await newKey())["privateKeyPem"] ?? "");
    const other = (await newKey())["privateKeyPem"] ?? "";
    await assert.rejects(newIntermediate(other, root), /provided PrivateKey doesn't match parent's PublicKey/);
  });

  it("refuse usages in camelCase, which the SDK's comments suggest", () => {
    const failures = selfSignedCert.check?.({ allowedUses: ["certSigning"] }) ?? [];
    assert.match(failures[0]?.reason ?? "", /cert_signing.*got: certSigning/);
    assert.deepEqual(selfSignedCert.check?.({ allowedUses: caUses }), []);
  });

  it("are due for renewal inside the early-renewal window, and not before", () => {
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const due = (hoursLeft: number, early: number) =>
      selfSignedCert.expired?.({ validityEndTime: inHours(hoursLeft), earlyRenewalHours: early });
    assert.deepEqual(due(5, 10), ["readyForRenewal"]);
    assert.deepEqual(due(11, 10), []);
    assert.deepEqual(due(-1, 0), ["readyForRenewal"]);
    const refreshed = selfSignedCert.refresh?.({ validityEndTime: inHours(5), earlyRenewalHours: 10 });
    assert.equal(refreshed?.["readyForRenewal"], true);
  });
});
