import assert from "node:assert/strict";
import { policyDocument } from "../../components/iam.ts";
import { loadBalancerStatements } from "../../components/load-balancer-policy.ts";
import { recordConfig } from "./record.ts";

/** Whether a policy's pattern, such as `ec2:Describe*`, covers an action. */
const covers = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(action);
const statementsFor = (action: string) =>
  loadBalancerStatements.filter(({ actions }) => actions.some((pattern) => covers(pattern, action)));

describe("LoadBalancerController", () => {
  it("knows where it is without asking the instance, and leaves other Services alone", async () => {
    const graph = await recordConfig({ model: "single", region: "us-west-2" });
    const release = graph.named("primary-load-balancers", "kubernetes:helm.sh/v3:Release");
    const {
      vpcId: _vpcId,
      clusterName: _name,
      defaultTags,
      ...values
    } = release.inputs["values"] as Record<string, object>;
    assert.deepEqual(values, {
      region: "us-west-2",
      replicaCount: 1,
      serviceAccount: { name: "aws-load-balancer-controller" },
      enableServiceMutatorWebhook: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
    });
    assert.deepEqual(Object.keys(defaultTags ?? {}).sort(), ["istio-lab/id", "istio-lab/stack"]);
    assert.deepEqual(release.propertyDeps["values"]?.includes(graph.named("primary-network-vpc").urn), true);
  });

  it("gets its rights through Pod Identity, for the service account of its chart", async () => {
    const graph = await recordConfig({ model: "single" });
    const { namespace, serviceAccount } = graph.named("primary-load-balancers-identity").inputs;
    assert.deepEqual([namespace, serviceAccount], ["kube-system", "aws-load-balancer-controller"]);
    const trust = JSON.parse(graph.named("primary-load-balancers-role").inputs["assumeRolePolicy"] as string) as {
      Statement: { Principal: unknown; Action: unknown }[];
    };
    assert.deepEqual(trust.Statement[0]?.Principal, { Service: "pods.eks.amazonaws.com" });
    assert.deepEqual(trust.Statement[0].Action, ["sts:AssumeRole", "sts:TagSession"]);
  });
});

describe("the load balancer controller's policy", () => {
  it("fits into a managed policy: 6,144 characters without white space", () => {
    const { length } = policyDocument(loadBalancerStatements);
    assert.ok(length <= 6144, String(length));
  });

  it("covers what a Network Load Balancer with our annotations takes", () => {
    const needed = [
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeSecurityGroups",
      "ec2:CreateSecurityGroup",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:DeleteSecurityGroup",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:AddTags",
    ];
    for (const action of needed) assert.notEqual(statementsFor(action).length, 0, action);
  });

  it("deletes nothing that carries no cluster's mark", () => {
    const marked = [
      "ec2:DeleteSecurityGroup",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteTargetGroup",
    ];
    for (const statement of marked.flatMap(statementsFor)) {
      assert.deepEqual(
        statement.conditions,
        { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } },
        statement.name,
      );
    }
  });

  it("touches no instances, networks or identities", () => {
    for (const action of ["ec2:RunInstances", "ec2:DeleteVpc", "ec2:DeleteSubnet", "iam:PassRole", "iam:CreateRole"]) {
      assert.deepEqual(statementsFor(action), [], action);
    }
  });
});
