import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { assertCompatibleAwsCli } from "../../plugins/eks/aws-cli.ts";
import { installCommands } from "../../plugins/host/launchers.ts";

const directory = mkdtempSync(join(tmpdir(), "istio-lab-aws-"));
const bin = join(directory, "bin");
const asked: unknown[] = [];
const cloud = createServer((request, response) => {
  request.setEncoding("utf8").on("data", (body: string) => {
    const question = JSON.parse(body) as { cluster: string };
    const { cluster } = question;
    asked.push({ path: request.url, body: question });
    const refusal = { code: "ResourceNotFoundException", message: `No cluster found for name: ${cluster}.` };
    const token = { token: "k8s-aws-v1.abc", expirationTimestamp: "2030-01-01T00:00:00Z" };
    response.statusCode = cluster === "east" ? 200 : 404;
    response.end(JSON.stringify(cluster === "east" ? token : refusal));
  });
});

function aws(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env["PATH"], ISTIO_LAB_RUN: directory };
  return new Promise((resolve) => {
    execFile(join(bin, "aws"), args, { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe("the stand-in AWS CLI", () => {
  before((done) => {
    installCommands(bin);
    cloud.listen(join(directory, "cloud.sock"), done);
  });
  after(() => {
    cloud.close();
    rmSync(directory, { recursive: true });
  });

  it("has a version that the eks component accepts, and that one refuses older ones and none", async () => {
    assert.match((await aws("--version")).stdout, /^aws-cli\/2\.\d+\.\d+ /);
    const path = process.env["PATH"];
    try {
      process.env["PATH"] = `${bin}:${path}`;
      assertCompatibleAwsCli();
      process.env["PATH"] = join(directory, "empty");
      assert.throws(assertCompatibleAwsCli, /^Error: Could not find aws CLI for EKS\. See https:/);
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("gives the credential that kubeconfigs expect", async () => {
    const { stdout, code } = await aws(
      "--region",
      "us-east-1",
      "eks",
      "get-token",
      "--cluster-name",
      "east",
      "--output",
      "json",
    );
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      spec: {},
      status: { expirationTimestamp: "2030-01-01T00:00:00Z", token: "k8s-aws-v1.abc" },
    });
    assert.deepEqual(asked.at(-1), { path: "/token", body: { cluster: "east", region: "us-east-1" } });
  });

  it("passes on what the cloud refuses", async () => {
    const { stderr, code } = await aws("--region", "us-east-1", "eks", "get-token", "--cluster-name", "west");
    assert.equal(code, 255);
    assert.equal(stderr, "No cluster found for name: west.\n");
  });

  it("says in one line what it is when asked for anything else", async () => {
    for (const args of [["s3", "ls"], ["eks", "list-clusters", "--max-items", "1"], []]) {
      const { stderr, code } = await aws(...args);
      assert.equal(code, 255);
      assert.match(stderr, /^this is the local cloud's stand-in .*get-token\n$/);
    }
  });
});
