import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudRefusal, callCloud } from "../../plugins/aws/transport.ts";

const daemon = join(import.meta.dirname, "..", "..", "cloud", "daemon.ts");

interface Denied {
  networkAclDenials: object[];
}

describe("the daemon", () => {
  let runDir: string;
  let socket: string;
  const started: ChildProcess[] = [];
  beforeEach(() => {
    runDir = mkdtempSync(join(tmpdir(), "cloud-"));
    socket = join(runDir, "cloud.sock");
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(runDir, { recursive: true, force: true });
  });

  function start(): { child: ChildProcess; output: () => string } {
    const env = { ...process.env, ISTIO_LAB_RUN: runDir, ISTIO_LAB_CACHE: join(tmpdir(), "istio-lab-test-schemas") };
    const child = spawn(process.execPath, [daemon, "--runtime", "null"], { env, stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
    return { child, output: () => text };
  }

  async function answering(): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      try {
        await callCloud("/status", undefined, socket);
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await sleep(50);
    }
  }

  const post = (path: string, body: object) => callCloud(path, body, socket);
  const vpc = { type: "aws:ec2/vpc:Vpc", region: "us-west-2" };
  const inputs = { cidrBlock: "10.10.0.0/16" };

  it("answers as the aws plugin asks, and refuses with AWS's code", async () => {
    start();
    await answering();
    const checked = (await post("/aws/check", { ...vpc, name: "v", olds: {}, news: inputs })) as { inputs: object };
    const preview = (await post("/aws/create", { ...vpc, inputs: checked.inputs, preview: true })) as { id: string };
    assert.equal(preview.id, "");
    const made = (await post("/aws/create", { ...vpc, inputs: checked.inputs, preview: false })) as { id: string };
    assert.match(made.id, /^vpc-0[0-9a-f]{16}$/);
    const read = (await post("/aws/read", { ...vpc, id: made.id })) as { inputs: object };
    assert.deepEqual(await post("/aws/diff", { ...vpc, olds: read.inputs, news: checked.inputs }), {
      changes: [],
      deleteBeforeReplace: false,
    });
    const subnet = {
      type: "aws:ec2/subnet:Subnet",
      region: "us-west-2",
      inputs: { vpcId: made.id, cidrBlock: "10.9.0.0/24" },
    };
    await assert.rejects(
      post("/aws/create", subnet),
      (error) => error instanceof CloudRefusal && error.code === "InvalidSubnet.Range",
    );
    const snapshot = (await callCloud("/ledger", undefined, socket)) as { vpcs: unknown[] };
    assert.equal(snapshot.vpcs.length, 1);
    await post("/aws/delete", { ...vpc, id: made.id });
    assert.equal(await post("/aws/read", { ...vpc, id: made.id }), null);
    assert.deepEqual(await callCloud("/resources", undefined, socket), []);
    const zones = await post("/aws/invoke", {
      ...{ token: "aws:index/getAvailabilityZones:getAvailabilityZones", region: "us-west-2", inputs: {} },
    });
    assert.equal((zones as { names: string[] }).names.length, 4);
    await assert.rejects(post("/aws/guess", {}), /does not answer POST \/aws\/guess/);
    await assert.rejects(post("/token", { cluster: "east", region: "us-west-2" }), /No cluster found for name: east/);
  });

  it("lets a creation fail once where it was told to, before, after or half way", async () => {
    start();
    await answering();
    const { inputs: checked } = (await post("/aws/check", { ...vpc, name: "v", olds: {}, news: inputs })) as {
      inputs: object;
    };
    const create = () => post("/aws/create", { ...vpc, urn: "urn:v", inputs: checked });
    const count = async () => ((await callCloud("/resources", undefined, socket)) as unknown[]).length;
    const arm = (how: string, state?: object) =>
      post("/faults", { faults: [{ urn: "urn:v", how, code: "VpcLimitExceeded", message: "Enough.", state }] });
    const failure = () =>
      create().then(
        () => assert.fail("it did not fail"),
        (error: unknown) => error as CloudRefusal,
      );
    await arm("refused");
    const empty = await count();
    const refusal = await failure();
    assert.deepEqual([refusal.code, refusal.made], ["VpcLimitExceeded", undefined]);
    assert.equal(await count(), empty);
    assert.deepEqual(await callCloud("/faults", undefined, socket), { armed: [], fired: ["urn:v"] });
    await create();
    const one = await count();
    assert.ok(one > empty, "once, and no more");
    await arm("answer-lost");
    assert.equal((await failure()).made, undefined);
    const two = await count();
    assert.equal(two - one, one - empty);
    await arm("half-made", { enableDnsSupport: false });
    const { made } = await failure();
    const real = (await post("/aws/read", { ...vpc, id: made?.id })) as { outputs: { enableDnsSupport: boolean } };
    assert.deepEqual([made?.outputs["enableDnsSupport"], real.outputs.enableDnsSupport], [true, false]);
    await arm("half-made");
    const nowhere = { vpcId: "vpc-0", cidrBlock: "10.0.0.0/24" };
    const orphan = post("/aws/create", {
      type: "aws:ec2/subnet:Subnet",
      region: "us-east-1",
      urn: "urn:v",
      inputs: nowhere,
    });
    await assert.rejects(orphan, (error: CloudRefusal) => error.code === "InvalidVpcID.NotFound");
    const still = { armed: ["urn:v"], fired: [] };
    assert.deepEqual(await callCloud("/faults", undefined, socket), still, "what AWS refuses by itself is no fault");
  });

  it("keeps the ledger over SIGTERM and SIGKILL, and lets go of its socket", async () => {
    const first = start();
    await answering();
    const checked = (await post("/aws/check", { ...vpc, name: "v", olds: {}, news: inputs })) as { inputs: object };
    await post("/aws/create", { ...vpc, inputs: checked.inputs });
    first.child.kill("SIGTERM");
    assert.deepEqual(await once(first.child, "exit"), [0, null]);
    assert.equal(existsSync(socket), false);
    const second = start();
    await answering();
    await post("/aws/create", { ...vpc, inputs: checked.inputs });
    second.child.kill("SIGKILL");
    await once(second.child, "exit");
    const third = start();
    await answering();
    const { vpcs } = (await callCloud("/ledger", undefined, socket)) as { vpcs: unknown[] };
    assert.equal(vpcs.length, 2);
    await post("/shutdown", {});
    assert.deepEqual(await once(third.child, "exit"), [0, null]);
  });

  it("denies subnets what it is told to, over SIGKILL, until it is told to allow it", async () => {
    const first = start();
    await answering();
    const make = async (type: string, properties: object) =>
      (await post("/aws/create", { type, region: "us-west-2", inputs: properties })) as { id: string };
    const vpcId = (await make("aws:ec2/vpc:Vpc", inputs)).id;
    const subnet = await make("aws:ec2/subnet:Subnet", { vpcId, cidrBlock: "10.10.0.0/24" });
    const cut = { id: "cut-1", region: "us-west-2", subnetIds: [subnet.id], blocks: ["198.19.0.7/32"] };
    await post("/network-acls/deny", cut);
    await assert.rejects(
      post("/network-acls/deny", { ...cut, id: "cut-2", blocks: ["198.19.0.7"] }),
      (error) => error instanceof CloudRefusal && error.code === "InvalidParameterValue",
    );
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    start();
    await answering();
    const denied = async () => ((await callCloud("/ledger", undefined, socket)) as Denied).networkAclDenials;
    assert.deepEqual(await denied(), [{ ...cut, vpcId }]);
    await post("/network-acls/allow", { id: "cut-1" });
    assert.deepEqual(await denied(), []);
  });

  it("does not start beside another one", async () => {
    start();
    await answering();
    const second = start();
    assert.deepEqual(await once(second.child, "exit"), [1, null]);
    assert.match(second.output(), /another cloud already answers at/);
  });
});
