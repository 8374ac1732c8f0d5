import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { kubeConfigOf } from "../../../lab/stack/kubeconfig.ts";
import { outputsIfUp, readOutputs, UnknownStack } from "../../../lab/stack/outputs.ts";

const outputs = { clusters: {}, kubeconfigs: {}, meshVersion: "1.31.1", labId: "0badcafe" };
const answering = (text: string) => () => Promise.resolve(text);
const complaining = (text: string) => () => Promise.reject(new Error(text));

describe("the outputs of a stack", () => {
  it("are those that a lab has, and no others", async () => {
    const asked: string[] = [];
    const read = await readOutputs("multi", (...args) => {
      asked.push(args.join(" "));
      return Promise.resolve(JSON.stringify({ ...outputs, other: 1 }));
    });
    assert.deepEqual(read, outputs);
    assert.deepEqual(asked, ["stack output --json --show-secrets --stack multi"]);
  });

  const complaints: readonly [string, RegExp][] = [
    ["error: no stack named 'mulit' found", /cannot be read: the backend does not know it.*pulumi stack init multi/],
    ["error: incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE", /is not the passphrase/],
    ["error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", /protected by a passphrase/],
    ["error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", /not logged in/],
    ["error: something new", /cannot be read: error: something new/],
  ];
  for (const [complaint, says] of complaints) {
    it(`cannot be read: ${complaint}`, async () => {
      await assert.rejects(
        readOutputs("multi", complaining(complaint)),
        (error) => error instanceof UsageError && says.test(error.message) && !error.message.includes("\n"),
      );
    });
  }

  it("are none after an `up` that failed or a destroy, which is said", async () => {
    await assert.rejects(readOutputs("multi", answering("{}")), /multi is not up: .*pulumi up --stack multi/);
    assert.equal(await outputsIfUp("multi", answering("{}")), undefined);
    await assert.rejects(outputsIfUp("multi", complaining("no stack named 'multi' found")), UnknownStack);
    await assert.rejects(
      outputsIfUp("multi", complaining("incorrect passphrase")),
      (error) => error instanceof UsageError && !(error instanceof UnknownStack),
    );
  });
});

describe("the kubeconfig of a cluster that exists already", () => {
  const cluster = {
    ...{ region: "", roles: ["primary"], primary: "east", network: "n", kubernetesVersion: "1.36" },
    context: "kind-east",
  } as const;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("has to be there, and to have its context", () => {
    const file = join(folder, "config");
    assert.throws(() => kubeConfigOf(cluster, file), /The kubeconfig .*config cannot be read: ENOENT/);
    const config = {
      ...{ apiVersion: "v1", kind: "Config", clusters: [{ name: "k", cluster: { server: "https://k" } }] },
      ...{ users: [{ name: "u", user: {} }], contexts: [{ name: "kind-west", context: { cluster: "k", user: "u" } }] },
    };
    writeFileSync(file, JSON.stringify(config));
    assert.throws(() => kubeConfigOf(cluster, file), /no context "kind-east", only kind-west/);
    assert.equal(kubeConfigOf({ ...cluster, context: "kind-west" }, file).getCurrentContext(), "kind-west");
  });
});
