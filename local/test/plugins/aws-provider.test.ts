import assert from "node:assert/strict";
import { InitFailed } from "../../plugins/host/provider.ts";
import { AwsProvider } from "../../plugins/aws/provider.ts";
import { CloudRefusal } from "../../plugins/aws/transport.ts";
import type { AwsCloud } from "../../plugins/aws/cloud.ts";

const subject = { urn: "urn:pulumi:s::p::aws:ec2/vpc:Vpc::v", type: "aws:ec2/vpc:Vpc", name: "v" };
const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true };
const planned = { id: "vpc-1", ...inputs };
const real = { id: "vpc-1", ...inputs, enableDnsHostnames: false };

/** A cloud that made a VPC half and refused the rest, and that notes what it is asked for. */
function half(): { provider: AwsProvider; calls: string[] } {
  const calls: string[] = [];
  const cloud: Partial<AwsCloud> = {
    create: () =>
      Promise.reject(
        new CloudRefusal("RequestLimitExceeded", "Request limit exceeded.", { id: "vpc-1", outputs: planned }),
      ),
    diff: ({ olds, news }) => {
      const changes = JSON.stringify(olds) === JSON.stringify(news) ? [] : [{ path: "tags", kind: "add" as const }];
      return Promise.resolve({ changes: changes as never, deleteBeforeReplace: false });
    },
    read: () => Promise.resolve({ id: "vpc-1", outputs: real, inputs }).finally(() => calls.push("read")),
    update: () => Promise.resolve({ id: "vpc-1", outputs: planned }).finally(() => calls.push("update")),
  };
  return { provider: new AwsProvider(cloud as AwsCloud), calls };
}

describe("the aws stand-in, after AWS made something half", () => {
  it("records it as planned, with the failure", async () => {
    const failure = await half()
      .provider.create({ ...subject, inputs, preview: false, timeout: 0 })
      .catch((error: unknown) => error);
    assert.ok(failure instanceof InitFailed);
    assert.deepEqual([failure.id, failure.properties], ["vpc-1", planned]);
    assert.match(failure.reasons[0] ?? "", /^creating aws:ec2\/vpc:Vpc: api error RequestLimitExceeded: /);
  });

  const update = { ...subject, id: "vpc-1", olds: planned, oldInputs: inputs, preview: false, timeout: 0 };

  it("only reads when the engine updates without a difference: nothing is mended", async () => {
    const { provider, calls } = half();
    assert.deepEqual(await provider.update({ ...update, news: inputs, ignoreChanges: [] }), real);
    assert.deepEqual(calls, ["read"]);
  });

  it("updates where there is one", async () => {
    const { provider, calls } = half();
    await provider.update({ ...update, news: { ...inputs, tags: { a: "b" } }, ignoreChanges: [] });
    assert.deepEqual(calls, ["update"]);
  });
});
