import assert from "node:assert/strict";
import { ResourceGraph } from "../../lab/recorder/graph.ts";
import { excuse, objections, policies } from "../../policy/catalogue.ts";
import { notApplicable } from "../../policy/cis-eks.ts";
import { exceptions } from "../../policy/exceptions.ts";
import { housePolicies, kebab } from "../../policy/house.ts";
import { laws } from "../../policy/laws/all.ts";
import { changed, withInputs } from "../laws/mistakes.ts";
import { graphOf, stackNames } from "../stacks/record.ts";
import { twins } from "./twins.ts";

const own = Object.keys(policies).filter((id) => housePolicies[id] === undefined);
/** Those that one changed resource cannot break: their cases are below. */
const several = ["cost-one-nat-gateway-per-cluster", "cost-few-load-balancers"];

describe("the policies", () => {
  it("are forty and more, the laws of the house among them", () => {
    assert.ok(Object.keys(policies).length >= 40);
    assert.deepEqual(
      Object.keys(housePolicies).sort(),
      Object.keys(laws).map(kebab).sort(),
      "Say in policy/house.ts what these laws hold, then `npm run docs:write`.",
    );
  });

  it("name all 28 rows of Pulumi's CIS pack, those that nothing here can break with the reason", () => {
    const judged = Object.values(policies).filter(({ cis }) => cis !== undefined);
    assert.equal(judged.length + Object.keys(notApplicable).length, 28);
  });

  it("say what they hold, and where that is from", () => {
    for (const [id, { what, source }] of Object.entries(policies)) {
      assert.match(what, /^[`A-Zi].*\.$/, id);
      assert.match(source, /^https:\/\//, id);
    }
  });

  it("each have a case that they must catch", () => {
    assert.deepEqual(Object.keys(twins).sort(), own.toSorted());
    for (const [id, cases] of Object.entries(twins)) {
      if (!several.includes(id)) assert.notEqual(cases.length, 0, `${id} has no case`);
    }
  });

  for (const [id, cases] of Object.entries(twins)) {
    for (const [index, { name, type, wrong, right = () => ({}), about }] of cases.entries()) {
      it(`${id} objects to a mistake in ${name} (${String(index + 1)}), and not when it is mended`, async () => {
        const recorded = await graphOf("multi");
        const node = recorded.named(name, type);
        const mended = changed(recorded, node, right);
        const broken = changed(recorded, node, wrong);
        const objects = (graph: ResourceGraph, urn: string): boolean =>
          policies[id]!.law(graph).some((text) => (about ? about.test(text) : text.startsWith(`${urn} `)));
        assert.equal(objects(mended.graph, mended.node.urn), false, "It objects to what is mended.");
        assert.equal(objects(broken.graph, broken.node.urn), true, "It does not object.");
      });
    }
  }

  it("cost-one-nat-gateway-per-cluster objects to a second one in a cluster, not in a second cluster", async () => {
    const graph = await graphOf("multi");
    const nat = (name: string) => ({
      ...graph.named(name),
      urn: `${graph.named(name).urn}-nat`,
      type: "aws:ec2/natGateway:NatGateway",
    });
    const withNats = (...names: string[]) => new ResourceGraph([...graph.nodes, ...names.map(nat)]);
    const { law } = policies["cost-one-nat-gateway-per-cluster"]!;
    assert.deepEqual(law(withNats("east-network-igw", "west-network-igw")), []);
    assert.match(law(withNats("east-network-igw", "east-network-vpc")).join(), /::east has more than one/);
  });

  it("teardown-no-load-balancers-behind-our-back asks a tenant's namespace for its quota", async () => {
    const graph = await graphOf("stacks/tenants.yaml");
    const { law } = policies["teardown-no-load-balancers-behind-our-back"]!;
    assert.deepEqual(law(graph), []);
    const [quota] = graph.byType("kubernetes:core/v1:ResourceQuota");
    const open = changed(graph, quota!, withInputs({ spec: { hard: { "services.loadbalancers": "1" } } }));
    assert.equal(law(open.graph).length, 1);
  });

  it("eks-network-policy-enabled excuses no cluster that holds NetworkPolicies", async () => {
    const graph = await graphOf("stacks/tenants.yaml");
    const [cluster] = graph.byType("eks:index:Cluster");
    const kinder = changed(graph, cluster!, withInputs({ vpcCniOptions: {} }));
    assert.match(
      objections("eks-network-policy-enabled", kinder.graph).join(),
      /holds NetworkPolicies and enforces none/,
    );
  });

  it("cost-few-load-balancers counts those of one cluster", async () => {
    const graph = await graphOf("multi");
    const ingress = graph.named("east-ingress", "kubernetes:core/v1:Service");
    const more = (count: number) =>
      new ResourceGraph([
        ...graph.nodes,
        ...Array.from({ length: count }, (_, index) => ({ ...ingress, urn: `${ingress.urn}-${String(index)}` })),
      ]);
    const { law } = policies["cost-few-load-balancers"]!;
    assert.deepEqual(law(more(2)), []);
    assert.match(law(more(3)).join(), /::east has more than 4 load balancers/);
  });
});

describe("the policies on the committed stack files", () => {
  for (const stack of stackNames) {
    it(`hold for ${stack}, in preview and up, but for named exceptions`, async () => {
      for (const preview of [false, true]) {
        const graph = await graphOf(stack, preview);
        assert.deepEqual(Object.fromEntries(broken(graph)), {});
      }
    });
  }

  it("need every exception", async () => {
    const graphs = await Promise.all(stackNames.map((stack) => graphOf(stack)));
    const needed = new Set(
      graphs.flatMap((graph) =>
        Object.entries(policies).flatMap(([id, { law }]) =>
          law(graph).map((objection) => excuse(id, objection, graph)),
        ),
      ),
    );
    const unneeded = exceptions.filter((exception) => !needed.has(exception));
    assert.deepEqual(unneeded, [], "Take these exceptions away: no stack file needs them any more.");
  });

  it("make exceptions with a reason, and for policies that there are", () => {
    for (const { policy, reason } of exceptions) {
      assert.ok(policy in policies, policy);
      assert.match(reason, /^[A-Z$`].{20,}\.$/s, policy);
    }
  });
});

function broken(graph: ResourceGraph): (readonly [string, readonly string[]])[] {
  return own.map((id) => [id, objections(id, graph)] as const).filter(([, found]) => found.length > 0);
}
