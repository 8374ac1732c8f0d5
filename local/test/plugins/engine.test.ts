import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { Project, engineBuilt } from "./harness.ts";

/** The real Pulumi CLI on the language host and on the stand-ins that need no cloud. */
describe("the real engine", function () {
  this.timeout(300_000);
  let project: Project;

  before(async function () {
    if (!engineBuilt) this.skip();
    project = new Project();
    await project.pulumi(["stack", "init", "dev"]);
  });
  after(() => {
    if (engineBuilt) project.remove();
  });

  it("starts the program with Pulumi.yaml's nodeargs, beside its Pulumi.yaml", async () => {
    project.writeFile("marker.mjs", "globalThis.marker = 'imported first';\n");
    project.write(
      `export const seen = globalThis.marker; export const limit = Error.stackTraceLimit; export const cwd = process.cwd();`,
      `typescript: false, nodeargs: "--import=./marker.mjs --stack-trace-limit=3"`,
    );
    assert.equal((await project.pulumi(["up", "--yes", "--skip-preview"])).code, 0);
    const { seen, limit, cwd } = await project.outputs();
    assert.equal(seen, "imported first");
    assert.equal(limit, 3);
    assert.match(String(cwd), /\/program$/);
  });

  it("shows a RunError once and without a stack trace, another error with one, and fails", async () => {
    const shown = async (statement: string) => {
      project.write(`import * as pulumi from "@pulumi/pulumi";\n${statement}\n`);
      const { code, output } = await project.pulumi(["preview"]);
      assert.notEqual(code, 0);
      return output.slice(output.indexOf("Diagnostics:"));
    };
    const refused = await shown(`throw new pulumi.RunError("no such region: mars");`);
    assert.equal(refused.split("no such region: mars").length - 1, 1, refused);
    assert.doesNotMatch(refused, /\bat .*index\.ts/);
    assert.doesNotMatch(refused, /non-zero exit code/);
    assert.match(await shown(`throw new Error("a bug");`), /a bug[^]*index\.ts:2/);
  });

  it("makes keys, certificates and random values once, and hides the secret ones", async () => {
    project.write(`
      import * as tls from "@pulumi/tls";
      import * as random from "@pulumi/random";
      const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
      const cert = new tls.SelfSignedCert("cert", { privateKeyPem: key.privateKeyPem, subject: { commonName: "x" },
        allowedUses: ["cert_signing"], isCaCertificate: true, validityPeriodHours: 10 });
      export const pem = cert.certPem;
      export const secretKey = key.privateKeyPem;
      export const id = new random.RandomId("id", { byteLength: 4 }).hex;
      export const password = new random.RandomPassword("password", { length: 20 }).result;
    `);
    const preview = await project.pulumi(["preview"]);
    assert.match(preview.output, /pem +: \[unknown\]/);
    assert.match(preview.output, /secretKey *: \[secret\]/);
    const first = await project.pulumi(["up", "--yes", "--skip-preview"]);
    assert.equal(first.code, 0, first.output);
    assert.match(first.output, /secretKey *: \[secret\]/);
    assert.match(first.output, /password *: \[secret\]/);
    const outputs = await project.outputs();
    const second = await project.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    assert.equal(second.code, 0, second.output);
    assert.deepEqual(await project.outputs(), outputs);
    assert.match(String(outputs["secretKey"]), /BEGIN EC PRIVATE KEY/);
  });

  it("renews a certificate that is due at the next update", async () => {
    const program = (early: number) => `
      import * as tls from "@pulumi/tls";
      const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
      const cert = new tls.SelfSignedCert("cert", { privateKeyPem: key.privateKeyPem, subject: { commonName: "x" },
        allowedUses: ["cert_signing"], isCaCertificate: true, validityPeriodHours: 10, earlyRenewalHours: ${early} });
      export const pem = cert.certPem;
    `;
    const pem = async (early: number) => {
      project.write(program(early));
      const { code, output } = await project.pulumi(["up", "--yes", "--skip-preview"]);
      assert.equal(code, 0, output);
      return (await project.outputs())["pem"];
    };
    const first = await pem(0);
    assert.equal(await pem(9), first);
    assert.notEqual(await pem(11), first);
  });

  it("destroys everything", async () => {
    const { code, output } = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
    assert.equal(code, 0, output);
    assert.doesNotMatch((await project.pulumi(["stack"])).output, /PrivateKey/);
  });
});
