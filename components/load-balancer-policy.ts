/**
 * What the AWS Load Balancer Controller may do: make and remove the Network Load Balancers of Services, and nothing
 * that carries no mark of a cluster. The names of actions and tags are AWS's and the controller's
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/); rights that only
 * Ingresses need (certificates, web application firewalls, Shield, Cognito) are left out.
 */

import type { Statement, Trust } from "./iam.ts";

/** The permissions that the controller's own release asks for, of which these are the part that a lab needs. */
const source =
  "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json";

export const loadBalancerTrust: Trust = {
  service: "pods.eks.amazonaws.com",
  actions: ["sts:AssumeRole", "sts:TagSession"],
  source: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
};

/** The tag that the controller puts on all it makes. `Null: "false"` demands that it is there. */
const clusterTag = "elbv2.k8s.aws/cluster";
const requestIsTagged = { [`aws:RequestTag/${clusterTag}`]: "false" };
const resourceIsTagged = { [`aws:ResourceTag/${clusterTag}`]: "false" };
/** The mark itself can be neither given later nor taken away. */
const markStays = { [`aws:RequestTag/${clusterTag}`]: "true", ...resourceIsTagged };

const balancing = (...actions: string[]): string[] => actions.map((action) => `elasticloadbalancing:${action}`);
const securityGroups = ["arn:aws:ec2:*:*:security-group/*"];
const balancers = ["targetgroup/*/*", "loadbalancer/net/*/*"].map((kind) => `arn:aws:elasticloadbalancing:*:*:${kind}`);
const listeners = ["listener/net/*/*/*", "listener-rule/net/*/*/*"].map(
  (kind) => `arn:aws:elasticloadbalancing:*:*:${kind}`,
);

export const loadBalancerStatements: readonly Statement[] = [
  {
    name: "LookAround",
    actions: ["ec2:Describe*", "ec2:GetSecurityGroupsForVpc", "elasticloadbalancing:Describe*"],
    resources: "*",
    broad: "AWS bounds looking on by no resource, and the controller looks at what it does not own: subnets, groups.",
    source,
  },
  {
    name: "FirstLoadBalancerOfTheAccount",
    actions: ["iam:CreateServiceLinkedRole"],
    resources: "*",
    conditions: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    source,
  },
  {
    name: "OpenTheNodesToLoadBalancers",
    actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:CreateSecurityGroup"],
    resources: "*",
    broad: "The rules that it adds go into the cluster's own security group too, which does not carry the mark.",
    source,
  },
  {
    name: "MarkNewSecurityGroups",
    actions: ["ec2:CreateTags"],
    resources: securityGroups,
    conditions: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" }, Null: requestIsTagged },
    source,
  },
  {
    name: "TagOwnSecurityGroups",
    actions: ["ec2:CreateTags", "ec2:DeleteTags"],
    resources: securityGroups,
    conditions: { Null: markStays },
    source,
  },
  {
    name: "RemoveOwnSecurityGroups",
    actions: ["ec2:DeleteSecurityGroup"],
    resources: "*",
    conditions: { Null: resourceIsTagged },
    source,
  },
  {
    name: "MakeMarkedLoadBalancers",
    actions: balancing("CreateLoadBalancer", "CreateTargetGroup"),
    resources: "*",
    conditions: { Null: requestIsTagged },
    source,
  },
  {
    name: "MarkNewLoadBalancers",
    actions: balancing("AddTags"),
    resources: balancers,
    conditions: {
      StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] },
      Null: requestIsTagged,
    },
    source,
  },
  {
    name: "TagOwnLoadBalancers",
    actions: balancing("AddTags", "RemoveTags"),
    resources: balancers,
    conditions: { Null: markStays },
    source,
  },
  {
    name: "TagListeners",
    actions: balancing("AddTags", "RemoveTags"),
    resources: listeners,
    broad: "Listeners and rules carry no mark when they are made, so no condition can hold them to the lab's.",
    source,
  },
  {
    name: "ChangeListeners",
    actions: balancing(
      "CreateListener",
      "DeleteListener",
      "ModifyListener",
      "CreateRule",
      "DeleteRule",
      "ModifyRule",
      "SetRulePriorities",
    ),
    resources: "*",
    broad: "Listeners and rules carry no mark when they are made, so no condition can hold them to the lab's.",
    source,
  },
  {
    name: "ChangeOwnLoadBalancers",
    actions: balancing(
      "ModifyLoadBalancerAttributes",
      "ModifyListenerAttributes",
      "ModifyCapacityReservation",
      "ModifyIpPools",
      "SetIpAddressType",
      "SetSecurityGroups",
      "SetSubnets",
      "DeleteLoadBalancer",
      "ModifyTargetGroup",
      "ModifyTargetGroupAttributes",
      "DeleteTargetGroup",
    ),
    resources: "*",
    conditions: { Null: resourceIsTagged },
    source,
  },
  {
    name: "SendToPods",
    actions: balancing("RegisterTargets", "DeregisterTargets"),
    resources: ["arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"],
    broad: "The controller's release asks for it without a mark; that AWS heeds one here has not been tried.",
    source,
  },
];
