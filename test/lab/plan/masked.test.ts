import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { planDocument } from "../../../lab/plan/document.ts";
import { planFiles } from "../../../lab/plan/files.ts";
import { maskInputs, secretPlaceholder } from "../../../lab/plan/masked.ts";
import { readSource } from "../../../lab/plan/source.ts";
import type { ResourceGraph } from "../../../lab/recorder/graph.ts";
import { unknownPlaceholder } from "../../../lab/recorder/graph.ts";
import { recordProgram } from "../../../lab/recorder/record.ts";
import { planConfig } from "../../../topology/plan.ts";

/** What no file may hold: private keys, as text or in base64, tokens, kubeconfigs, passwords. */
const leaks = /PRIVATE KEY|LS0tLS1CRUdJTi|eyJ[A-Za-z0-9_-]{10,}\.|current-context|token\\?":|fake password|dG9rZW4g/;

describe("placeholders in a plan's files", () => {
  it("stand for the names of zones, which AWS alone knows", async () => {
    const { config, raw } = readSource({ stack: "single" });
    const graph = await recordProgram({ stack: "single", config, preview: true });
    const [subnet = assert.fail("a subnet")] = graph.byType("aws:ec2/subnet:Subnet");
    const { placeholders } = maskInputs(subnet);
    const zones = placeholders.filter(({ path }) => path === "availabilityZone");
    assert.deepEqual(zones, [{ path: "availabilityZone", reason: "asked of AWS", from: [] }]);
    const text = planFiles("single", planConfig(raw), graph).find(({ path }) => path === "graph.json")?.text ?? "";
    assert.doesNotMatch(text, /us-east-1[a-f]\b/);
  });

  it("stand for secrets and for what is known after up, and say where the value comes from", async () => {
    const graph = await record(() => {
      const key = new tls.PrivateKey("key", { algorithm: "ECDSA" });
      const provider = new k8s.Provider("cluster", { kubeconfig: pulumi.secret("apiVersion: v1") });
      new k8s.core.v1.Secret(
        "credentials",
        {
          metadata: { name: "credentials", annotations: { fingerprint: key.publicKeyFingerprintMd5 } },
          stringData: { password: pulumi.secret("hunter2"), "tls.key": key.privateKeyPem },
        },
        { provider },
      );
    });
    const { inputs, placeholders } = maskInputs(graph.named("credentials"));
    const metadata = { name: "credentials", annotations: { fingerprint: unknownPlaceholder } };
    assert.deepEqual(inputs["metadata"], metadata);
    assert.doesNotMatch(JSON.stringify(inputs), /hunter2/);
    assert.deepEqual(placeholders.map(({ path, reason, from }) => [path.split(".")[0], reason, from]).at(0), [
      "metadata",
      "known after up",
      ["key"],
    ]);
    assert.ok(placeholders.some(({ path, reason }) => path.startsWith("stringData") && reason === "secret"));
  });

  it("hide a Secret's data even where the program forgot to call it secret, and keep the keys", async () => {
    const graph = await record(() => {
      const provider = new k8s.Provider("cluster", { kubeconfig: pulumi.secret("apiVersion: v1") });
      new k8s.core.v1.Secret("careless", { stringData: { password: "hunter2" } }, { provider });
    });
    assert.deepEqual(maskInputs(graph.named("careless")).inputs["stringData"], { password: secretPlaceholder });
  });

  for (const stack of ["single", "multi"]) {
    it(`leave no secret in any file or document of ${stack}, even when every value is known`, async () => {
      const { raw, config } = readSource({ stack });
      const lab = planConfig(raw);
      // Not as at preview: now the fakes' keys, certificates and tokens flow through the program.
      const graph = await recordProgram({ stack, config, preview: false });
      assert.match(JSON.stringify(graph.nodes), leaks, "the test must have something to leak");
      const texts = planFiles(stack, lab, graph).map(({ path, text }) => ({ path, text }));
      const document = { path: "--json", text: JSON.stringify(planDocument(stack, lab, graph)) };
      const leaking = [...texts, document].filter(({ text }) => leaks.test(text)).map(({ path }) => path);
      assert.deepEqual(leaking, []);
    });
  }

  it("leave no certificate either in what `lab plan` writes, because none exists yet", async () => {
    const { raw, config } = readSource({ stack: "multi" });
    const graph = await recordProgram({ stack: "multi", config, preview: true });
    const holding = planFiles("multi", planConfig(raw), graph).filter(({ text }) => text.includes("-----BEGIN"));
    assert.deepEqual(holding, []);
  });

  it("are all listed in the file of their folder, and no others", async () => {
    const { raw, config } = readSource({ stack: "multi" });
    const graph = await recordProgram({ stack: "multi", config, preview: true });
    const files = planFiles("multi", planConfig(raw), graph);
    const folders = Map.groupBy(
      files.filter(({ path }) => path.includes("/")),
      ({ path }) => path.replace(/\/[^/]*$/, ""),
    );
    assert.deepEqual([...folders.keys()].toSorted(), [
      "manifests/east",
      "manifests/west",
      "values/east",
      "values/west",
    ]);
    for (const [folder, members] of folders) {
      const list = members.find(({ path }) => path.endsWith("/PLACEHOLDERS.md"))?.text ?? "";
      const marked = members.filter(
        ({ path, text }) => path.endsWith(".yaml") && /\((secret|known after up)\)/.test(text),
      );
      const listed = [...list.matchAll(/^\| (?<file>\S+\.yaml) \|/gm)].map((match) => match.groups?.["file"]);
      const names = marked.map(({ path }) => path.slice(folder.length + 1));
      assert.deepEqual([...new Set(listed)].toSorted(), names.toSorted(), folder);
    }
  });
});

function record(program: () => unknown): Promise<ResourceGraph> {
  return recordProgram({ stack: "test", config: {}, preview: true, program });
}
