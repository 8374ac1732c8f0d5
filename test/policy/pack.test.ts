import assert from "node:assert/strict";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { policies } from "../../policy/catalogue.ts";
import { changed, withInputs } from "../laws/mistakes.ts";
import { graphOf, stackNames } from "../stacks/record.ts";
import { Pack } from "./engine.ts";

const { ADVISORY, DISABLED, MANDATORY } = proto.EnforcementLevel;

describe("the policy pack, asked over the engine's protocol", function () {
  this.timeout(60_000);
  let pack: Pack;

  before(async () => (pack = await Pack.start()));
  after(() => pack.stop());

  it("lists every policy that can be judged by what the engine tells", async () => {
    const listed = (await pack.info()).getPoliciesList().map((policy) => policy.getName());
    const served = Object.keys(policies).filter((id) => policies[id]?.inTestsAlone !== true);
    assert.deepEqual(listed, served);
    assert.ok(listed.length >= 40, String(listed.length));
  });

  it("names policies and the pack as Pulumi allows: https://www.pulumi.com/docs/iac/crossguard/", async () => {
    const info = await pack.info();
    for (const name of [info.getName(), ...info.getPoliciesList().map((policy) => policy.getName())]) {
      assert.match(name, /^[a-zA-Z0-9-_.]{1,100}$/);
    }
  });

  for (const stack of stackNames) {
    it(`lets ${stack} pass`, async () => {
      const found = await pack.judge(await graphOf(stack));
      assert.deepEqual(
        found.map((each) => `${each.getPolicyname()}: ${each.getMessage()}`),
        [],
      );
    });
  }

  it("stops what breaks a policy, and says which, what, why and where", async () => {
    const graph = await graphOf("multi");
    const cluster = graph.named("east", "eks:index:Cluster");
    const broken = changed(graph, cluster, withInputs({ upgradePolicy: { supportType: "EXTENDED" } }));
    const [found, ...more] = await pack.judge(broken.graph);
    assert.deepEqual(more, []);
    assert.equal(found?.getPolicyname(), "cost-standard-support");
    assert.equal(found.getUrn(), cluster.urn);
    assert.equal(found.getEnforcementlevel(), MANDATORY);
    assert.match(found.getMessage(), /^A cluster is upgraded .*\neast slides into .*\nSee https:/);
  });

  it("only reports what is of low severity", async () => {
    const graph = await graphOf("multi");
    const gateway = graph.named("east-network-igw");
    const { graph: broken } = changed(graph, gateway, () => ({ type: "aws:ec2/natGateway:NatGateway" }));
    const found = await pack.judge(broken);
    const nat = found.find((each) => each.getPolicyname() === "cost-no-nat-gateway");
    assert.equal(nat?.getEnforcementlevel(), ADVISORY);
  });

  it("knows a key that is no secret any more", async () => {
    const graph = await graphOf("multi");
    const secret = graph.named("east-istio-cacerts", "kubernetes:core/v1:Secret");
    const { graph: broken } = changed(graph, secret, () => ({ secretInputs: [] }));
    const found = await pack.judge(broken);
    assert.deepEqual([...new Set(found.map((each) => each.getPolicyname()))], ["secrets-stay-secret"]);
    assert.doesNotMatch(found.map((each) => each.getMessage()).join(), /PRIVATE KEY/);
  });

  it("leaves out what --policy-pack-config disables", async () => {
    await pack.configure("cost-standard-support", DISABLED);
    const graph = await graphOf("multi");
    const cluster = graph.named("east", "eks:index:Cluster");
    const broken = changed(graph, cluster, withInputs({ upgradePolicy: { supportType: "EXTENDED" } }));
    assert.deepEqual(await pack.judge(broken.graph), []);
  });
});
