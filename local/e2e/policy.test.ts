import assert from "node:assert/strict";
import { must, sh, Stack } from "./shell.ts";

/** What a stack file may ask for and a policy forbids: one of each kind of resource that the engine tells a pack of. */
const forbidden: Readonly<Record<string, Record<string, unknown>>> = {
  "cost-small-nodes": { "nodes.instanceTypes": ["m5.8xlarge"] },
  "cost-small-disks": { "nodes.diskSize": 500 },
  "istio-mtls-strict": { "mesh.mtls": "PERMISSIVE" },
  "istio-third-party-tokens": { "mesh.values.istiod": { global: { jwtPolicy: "first-party-jwt" } } },
};

describe("[full] pulumi preview --policy-pack policy", function () {
  this.timeout(300_000);
  const stack = new Stack("single");

  before(() => must(`pulumi stack init ${stack.name}`));
  after(() => must(`pulumi stack rm ${stack.name} --yes`));

  it("lets the stack pass", async () => {
    const text = await stack.pulumi("preview --policy-pack policy");
    assert.match(text, /✅ istio-lab@v/);
  });

  it("stops what policies forbid, and names each", async () => {
    const file = await stack.fileWith(Object.assign({}, ...Object.values(forbidden)) as Record<string, unknown>);
    const preview = `pulumi preview --stack ${stack.name} --config-file ${file} --non-interactive`;
    const { stdout, exitCode } = await sh(`${preview} --policy-pack policy`);
    assert.notEqual(exitCode, 0);
    const named = [...stdout.matchAll(/\[mandatory\] \[severity: \w+\] +([\w-]+)/g)].map((match) => match[1]);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(forbidden).sort());
  });
});
