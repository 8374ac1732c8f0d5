/** Exceptions whose reason is true of some labs only: each with a lab of which it is not, and which stays objected to. */
import assert from "node:assert/strict";
import { ResourceGraph } from "../../lab/recorder/graph.ts";
import { excuse, objections, policies } from "../../policy/catalogue.ts";
import { type Exception, exceptions } from "../../policy/exceptions.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { primaries, recordConfig } from "../components/record.ts";
import { graphOf } from "../stacks/record.ts";

const [east = { name: "" }] = primaries("east");
const tenants: LabConfig = { clusters: [east], tenants: [{ name: "blue" }, { name: "red" }] };
const record = (config: LabConfig) => (): Promise<ResourceGraph> => recordConfig(config);

interface Outside {
  readonly lab: string;
  readonly graph: () => Promise<ResourceGraph>;
  /** What is objected to, and not excused by any exception. */
  readonly objection: RegExp;
}

const outside: Readonly<Record<string, Outside>> = {
  "eks-cluster-endpoint-restrict-public-access": {
    lab: "private nodes behind an API for everybody",
    graph: record({ clusters: [east], nodes: { private: true } }),
    objection: /::east answers everybody/,
  },
  "istio-authorization-default-deny": {
    lab: "samples beside tenants",
    graph: record({ ...tenants, mesh: { cni: true, mtls: "STRICT" }, samples: ["httpbin"] }),
    objection: /::east-istio-istiod has no AuthorizationPolicy/,
  },
  "istio-cni-instead-of-init": {
    lab: "tenants without istio-cni",
    graph: record(tenants),
    objection: /::east-istio-istiod gives each pod's/,
  },
  "cost-no-nat-gateway": {
    lab: "a NAT gateway of a cluster whose nodes are public",
    graph: async () => {
      const graph = await recordConfig({ clusters: [east] });
      const gateway = graph.named("east-network-igw");
      const urn = gateway.urn.replaceAll("nternetGateway", "atGateway").replace("-igw", "-nat");
      return new ResourceGraph([...graph.nodes, { ...gateway, urn, type: "aws:ec2/natGateway:NatGateway" }]);
    },
    objection: /-network-nat is paid by the hour/,
  },
  "istio-mtls-strict": {
    lab: "a cluster that is named external and is none",
    graph: record({ clusters: [{ ...east, name: "external" }], mesh: { mtls: "PERMISSIVE" } }),
    objection: /::external-istio-istiod lets workloads/,
  },
};

/** Policies of which one exception is made where there is a domain, and another where there is none. */
const byDomain = ["eks-load-balancer-tls-encryption", "istio-gateway-hosts-narrow"];
const conditional = (policy: string): readonly Exception[] =>
  exceptions.filter((each) => each.policy === policy && each.where !== undefined);

describe("an exception of a policy", () => {
  it("that is made under a condition has a lab for which it is not made", () => {
    const policiesOf = exceptions.filter(({ where }) => where !== undefined).map(({ policy }) => policy);
    assert.deepEqual([...new Set(policiesOf)].sort(), [...Object.keys(outside), ...byDomain].sort());
  });

  for (const [policy, { lab, graph, objection }] of Object.entries(outside)) {
    it(`${policy} does not excuse ${lab}`, async () => {
      assert.match(objections(policy, await graph()).join("\n"), objection);
    });
  }

  it("names the reason that is true: with a domain another one than without", async () => {
    for (const policy of byDomain) {
      const reasons = async (stack: string) => {
        const graph = await graphOf(stack);
        const excused = (policies[policy]?.law(graph) ?? []).map((objection) => excuse(policy, objection, graph));
        return [...new Set(excused)].filter((exception) => exception && conditional(policy).includes(exception));
      };
      const [without, within] = [await reasons("multi"), await reasons("stacks/global-ingress.yaml")];
      assert.deepEqual([without.length, within.length], [1, 1], policy);
      assert.match(within[0]?.reason ?? "", /^With `ingress\.global`/);
      assert.doesNotMatch(without[0]?.reason ?? "", /^With `ingress\.global`/);
    }
  });
});
