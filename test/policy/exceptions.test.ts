/** Exceptions whose reason is true of some labs only: each with labs of which it is not, and which stay objected to. */
import assert from "node:assert/strict";
import { ResourceGraph, type ResourceNode } from "../../lab/recorder/graph.ts";
import { policies } from "../../policy/catalogue.ts";
import { type Exception, exceptions } from "../../policy/exceptions.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { primaries, recordConfig } from "../components/record.ts";
import { changed, withInputs } from "../laws/mistakes.ts";
import { graphOf } from "../stacks/record.ts";

const [east = { name: "" }] = primaries("east");
const tenants: LabConfig = { clusters: [east], tenants: [{ name: "blue" }, { name: "red" }] };
const privateNodes: LabConfig = { clusters: [east], nodes: { private: true } };
const record = (config: LabConfig) => (): Promise<ResourceGraph> => recordConfig(config);
const stack = (name: string) => (): Promise<ResourceGraph> => graphOf(name);

interface Outside {
  readonly policy: string;
  /** How the reason of the exception begins. */
  readonly reason: string;
  readonly lab: string;
  readonly graph: () => Promise<ResourceGraph>;
  /** What is objected to. */
  readonly objection: RegExp;
  /** How the reason of the one exception begins that is true instead. Without this nothing excuses the lab. */
  readonly instead?: string;
}

/** The committed tenants, of whom one's policy that denies by default says something else. */
const tenantsWith = (spec: ResourceNode["inputs"]) => async (): Promise<ResourceGraph> => {
  const graph = await graphOf("stacks/tenants.yaml");
  const isDefault = ({ inputs }: ResourceNode) => (inputs["metadata"] as { name: string }).name === "default-deny";
  const policy = graph.byType("kubernetes:security.istio.io/v1:AuthorizationPolicy").find(isDefault);
  return changed(graph, policy ?? assert.fail("no tenant denies by default"), withInputs({ spec })).graph;
};

/** The private nodes' subnets, as AWS takes them where nothing is said of public addresses. */
const subnetsThatSayNothing = async (): Promise<ResourceGraph> => {
  const graph = await recordConfig(privateNodes);
  const silent = (node: ResourceNode) => {
    if (node.inputs["mapPublicIpOnLaunch"] !== false) return node;
    const { mapPublicIpOnLaunch: _, ...inputs } = node.inputs;
    return { ...node, inputs };
  };
  return new ResourceGraph(graph.nodes.map(silent), graph.invokes);
};

const natBesidePublicNodes = async (): Promise<ResourceGraph> => {
  const graph = await recordConfig({ clusters: [east] });
  const gateway = graph.named("east-network-igw");
  const urn = gateway.urn.replaceAll("nternetGateway", "atGateway").replace("-igw", "-nat");
  return new ResourceGraph([...graph.nodes, { ...gateway, urn, type: "aws:ec2/natGateway:NatGateway" }]);
};

const api = {
  policy: "eks-cluster-endpoint-restrict-public-access",
  reason: "The address of whoever learns",
  objection: /::east answers everybody/,
};
const noDefaultDeny = {
  policy: "istio-authorization-default-deny",
  objection: /-istio-istiod has no AuthorizationPolicy/,
};
const closedTenants = { ...noDefaultDeny, reason: "Each tenant's namespace denies" };
const samplesBeside = record({ ...tenants, mesh: { cni: true, mtls: "STRICT" }, samples: ["httpbin"] });
const plainHttp = { policy: "eks-load-balancer-tls-encryption", objection: /-ingress lets plain HTTP in/ };
const anyHost = { policy: "istio-gateway-hosts-narrow", objection: /-lab-ingress lets any host in/ };

const outside: readonly Outside[] = [
  { ...api, lab: "private nodes behind an API for everybody", graph: record(privateNodes) },
  { ...api, lab: "private nodes in subnets that say nothing of addresses", graph: subnetsThatSayNothing },
  { ...noDefaultDeny, reason: "A lab without tenants", lab: "samples beside tenants", graph: samplesBeside },
  { ...closedTenants, lab: "samples beside tenants", graph: samplesBeside },
  { ...closedTenants, lab: "a tenant who lets everybody in", graph: tenantsWith({ rules: [{}] }) },
  {
    ...closedTenants,
    lab: "a tenant one of whose workloads alone lets nobody in",
    graph: tenantsWith({ selector: { matchLabels: { app: "helloworld" } } }),
  },
  { ...closedTenants, lab: "a tenant whose policy only notes who calls", graph: tenantsWith({ action: "AUDIT" }) },
  { ...closedTenants, lab: "samples alone", graph: stack("multi"), instead: "A lab without tenants" },
  {
    policy: "istio-cni-instead-of-init",
    reason: "Istio's default",
    lab: "tenants without istio-cni",
    graph: record(tenants),
    objection: /::east-istio-istiod gives each pod's/,
  },
  {
    policy: "cost-no-nat-gateway",
    reason: "Private nodes were asked for",
    lab: "a NAT gateway of a cluster whose nodes are public",
    graph: natBesidePublicNodes,
    objection: /-network-nat is paid by the hour/,
  },
  {
    policy: "istio-mtls-strict",
    reason: "The cluster of an external control plane",
    lab: "a cluster that is named external and is none",
    graph: record({ clusters: [{ ...east, name: "external" }], mesh: { mtls: "PERMISSIVE" } }),
    objection: /::external-istio-istiod lets workloads/,
  },
  ...[
    { ...plainHttp, without: "Istio's samples are called over plain HTTP" },
    { ...anyHost, without: "A lab has no domain" },
  ].flatMap(({ without, ...each }) => [
    { ...each, reason: without, lab: "a domain", graph: stack("stacks/global-ingress.yaml"), instead: "With `ingress" },
    { ...each, reason: "With `ingress", lab: "no domain", graph: stack("multi"), instead: without },
  ]),
];

const exceptionOf = ({ policy, reason }: Pick<Outside, "policy" | "reason">): Exception => {
  const [found, ...more] = exceptions.filter((each) => each.policy === policy && each.reason.startsWith(reason));
  assert.ok(found !== undefined && more.length === 0, `one exception of ${policy}: ${reason}`);
  return found;
};

describe("an exception of a policy", () => {
  it("that is made under a condition has a lab for which it is not made", () => {
    const shown = outside.map(exceptionOf);
    assert.deepEqual(
      exceptions.filter((each) => each.where !== undefined && !shown.includes(each)),
      [],
    );
  });

  for (const { lab, graph: recorded, objection, instead, ...one } of outside) {
    it(`${one.policy}, "${one.reason} …", does not excuse ${lab}`, async () => {
      const graph = await recorded();
      const raised = (policies[one.policy]?.law(graph) ?? []).filter((text) => objection.test(text));
      assert.notEqual(raised.length, 0, "nothing is objected to");
      const made = raised.flatMap((text) => {
        const node = graph.find(/^urn:\S+/.exec(text)?.[0] ?? "") ?? assert.fail(text);
        return exceptions.filter(
          ({ policy, about, where }) => policy === one.policy && about.test(text) && (where?.(graph, node) ?? true),
        );
      });
      const expected = instead === undefined ? [] : [exceptionOf({ policy: one.policy, reason: instead })];
      assert.deepEqual([...new Set(made)], expected);
    });
  }
});
