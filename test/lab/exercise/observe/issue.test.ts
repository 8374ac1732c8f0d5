import "reflect-metadata";
import assert from "node:assert/strict";
import { createPrivateKey, KeyObject, webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { issue, signed } from "../../../../lab/exercise/observe/issue.ts";
import { certificatesIn } from "../../../../topology/trust.ts";
import { FakeCluster } from "../../experiment/fake-lab.ts";

const kinds = {
  "of P-256, as the lab makes them": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  "of RSA, as istiod makes them": {
    ...{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    ...{ modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  },
};

async function authority(algorithm: (typeof kinds)[keyof typeof kinds]) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ["an authority"] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = KeyObject.from(keys.privateKey);
  const type = algorithm.name === "ECDSA" ? "sec1" : "pkcs1";
  return {
    certificate: certificate.toString("pem"),
    key: key.export({ type, format: "pem" } as never) as unknown as string,
  };
}

describe("a certificate for a gateway", () => {
  for (const [title, algorithm] of Object.entries(kinds))
    it(`is signed by an authority ${title}`, async () => {
      const by = await authority(algorithm);
      const { chain, key } = await signed(by, "shop.example");
      const [leaf, ca] = certificatesIn(chain).map((pem) => new X509Certificate(pem));
      assert.ok(leaf!.verify(ca!.publicKey) && leaf!.checkIssued(ca!));
      assert.equal(ca!.fingerprint256, new X509Certificate(by.certificate).fingerprint256);
      assert.equal(leaf!.checkHost("shop.example"), "shop.example");
      assert.equal(leaf!.checkHost("other.example"), undefined);
      assert.ok(leaf!.checkPrivateKey(createPrivateKey(key)));
      assert.equal(leaf!.ca, false);
    });

  it("comes from the authority that the cluster was given, else from istiod's own", async () => {
    const cluster = new FakeCluster("east");
    await assert.rejects(
      issue(cluster, "a.example"),
      /^Error: In east is neither of the Secrets cacerts and istio-ca-secret/,
    );
    const put = async (name: string) => {
      const { certificate, key } = await authority(kinds["of P-256, as the lab makes them"]);
      const data = { "ca-cert.pem": btoa(certificate), "ca-key.pem": btoa(key) };
      cluster.put({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "istio-system" }, data });
      return new X509Certificate(certificate).fingerprint256;
    };
    const used = async () =>
      new X509Certificate(certificatesIn((await issue(cluster, "a.example")).chain)[1]!).fingerprint256;
    assert.equal(await put("istio-ca-secret"), await used());
    assert.equal(await put("cacerts"), await used());
  });
});
