import assert from "node:assert/strict";
import type { Statement } from "../../components/iam.ts";
import { loadBalancerStatements, loadBalancerTrust } from "../../components/load-balancer-policy.ts";
import { nodePolicies, nodeTrust } from "../../components/nodes.ts";
import type { ResourceGraph } from "../../lab/recorder/graph.ts";
import { isAnything } from "../../policy/iam.ts";
import { text } from "../../policy/laws/values.ts";
import { graphOf, stackNames } from "../stacks/record.ts";

/** All that the lab's roles may do. A line more is a right more: say who needs it, and why. */
const allowed = {
  nodes: {
    takenBy: { "ec2.amazonaws.com": ["sts:AssumeRole"] },
    managed: ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy"],
    actions: [] as string[],
  },
  "load-balancers": {
    takenBy: { "pods.eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"] },
    managed: [] as string[],
    actions: [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateSecurityGroup",
      "ec2:CreateTags",
      "ec2:DeleteSecurityGroup",
      "ec2:DeleteTags",
      "ec2:Describe*",
      "ec2:GetSecurityGroupsForVpc",
      "ec2:RevokeSecurityGroupIngress",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:Describe*",
      "elasticloadbalancing:ModifyCapacityReservation",
      "elasticloadbalancing:ModifyIpPools",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetRulePriorities",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
      "iam:CreateServiceLinkedRole",
    ],
  },
};

interface Document {
  readonly Statement: readonly { readonly Action: string[]; readonly Principal: { readonly Service: string } }[];
}

/** What a graph's roles may do, by the end of their names. */
function roles(graph: ResourceGraph): Record<string, unknown> {
  const attachments = graph.byType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  const found = graph.byType("aws:iam/role:Role").map((role) => {
    const its = attachments.filter(({ propertyDeps }) => propertyDeps["role"]?.includes(role.urn));
    const own = its.flatMap(({ propertyDeps }) => propertyDeps["policyArn"] ?? []).map((urn) => graph.get(urn));
    const documents = own.map(({ inputs }) => JSON.parse(text(inputs["policy"])) as Document);
    const trust = JSON.parse(text(role.inputs["assumeRolePolicy"])) as Document;
    return {
      takenBy: Object.fromEntries(trust.Statement.map(({ Principal, Action }) => [Principal.Service, Action])),
      managed: its
        .flatMap(({ inputs }) => /^arn:aws:iam::aws:policy\/(.+)$/.exec(text(inputs["policyArn"]))?.[1] ?? [])
        .sort(),
      actions: [...new Set(documents.flatMap((document) => document.Statement.flatMap(({ Action }) => Action)))].sort(),
      name: role.name.replace(/^.*?-(nodes|load-balancers|.*)-role$/, "$1"),
    };
  });
  return Object.fromEntries(found.map(({ name, ...role }) => [name, role]));
}

describe("roles in AWS", () => {
  for (const stack of stackNames) {
    it(`may do in ${stack} what the list says and nothing else`, async () => {
      for (const [name, role] of Object.entries(roles(await graphOf(stack)))) {
        assert.deepEqual(role, allowed[name as keyof typeof allowed], name);
      }
    });
  }

  it("are as many as the list has, where a cluster is made", async () => {
    assert.deepEqual(Object.keys(roles(await graphOf("multi"))).sort(), Object.keys(allowed).sort());
  });
});

describe("statements about rights", () => {
  const statements: readonly Statement[] = loadBalancerStatements;

  it("say where they are from", () => {
    for (const { source } of [...statements, ...nodePolicies, nodeTrust, loadBalancerTrust]) {
      assert.match(source, /^https:\/\/\S+$/);
    }
  });

  it("say why they are broad, where they are, and only there", () => {
    for (const { name, actions, resources, conditions, broad } of statements) {
      const isBroad =
        actions.some((action) => action.includes("*")) ||
        ([resources].flat().some(isAnything) && conditions === undefined);
      if (isBroad) assert.match(broad ?? "", /^[A-Z].{20,}\.$/, `${name} names no reason`);
      else assert.equal(broad, undefined, `${name} needs no reason`);
    }
  });

  it("have names of their own", () => {
    assert.equal(new Set(statements.map(({ name }) => name)).size, statements.length);
  });
});
