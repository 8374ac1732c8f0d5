import assert from "node:assert/strict";
import { planDocument } from "../../lab/plan/document.ts";
import { planFiles } from "../../lab/plan/files.ts";
import { recordRun } from "../../lab/recorder/record.ts";
import { encrypted } from "../../topology/trust.ts";
import { planConfig } from "../../topology/plan.ts";

const rootCertificate = "-----BEGIN CERTIFICATE-----\nb3du\n-----END CERTIFICATE-----\n";
const key = "hush-hush";
const config = {
  "istio-lab:ca": JSON.stringify({ rootCertificate, rootKey: key }),
  "istio-lab:model": "multi-primary",
};
const lab = planConfig({ ca: { rootCertificate, rootKey: encrypted }, model: "multi-primary" });

describe("a root certificate of one's own", () => {
  it("signs every intermediate with a key that is secret wherever it goes, and in no plan, file or message", async () => {
    const { graph, errors } = await recordRun({ stack: "test", config, secretKeys: ["istio-lab:ca"] });
    assert.deepEqual(errors, []);
    const intermediates = graph.byType("tls:index/locallySignedCert:LocallySignedCert");
    assert.equal(intermediates.length, 2);
    for (const { inputs, secretInputs } of intermediates) {
      assert.equal(inputs["caCertPem"], rootCertificate);
      assert.equal(inputs["caPrivateKeyPem"], key);
      assert.deepEqual(secretInputs.includes("caPrivateKeyPem"), true);
    }
    const elsewhere = graph.nodes.filter((node) => !intermediates.includes(node));
    const files = planFiles("test", lab, graph);
    const document = planDocument("test", lab, graph);
    assert.doesNotMatch(JSON.stringify([elsewhere, graph.messages, files, document]), new RegExp(key));
    assert.deepEqual(graph.byType("tls:index/selfSignedCert:SelfSignedCert"), []);
  });

  it("has its key refused in clear, without repeating it", async () => {
    const { graph, errors } = await recordRun({ stack: "test", config });
    assert.match(errors[0]?.message ?? "", /root-key-in-clear {2}at istio-lab:ca\.rootKey/);
    assert.doesNotMatch(errors[0]?.message ?? "", new RegExp(key));
    assert.equal(graph.nodes.length, 1);
  });

  it("excuses no other encrypted value", async () => {
    const encryptedDays = { "istio-lab:ca": '{"intermediateDays":30}', "istio-lab:model": "single" };
    const { errors } = await recordRun({ stack: "test", config: encryptedDays, secretKeys: ["istio-lab:ca"] });
    assert.match(errors[0]?.message ?? "", /secret-in-clear {2}at istio-lab:ca/);
  });
});
