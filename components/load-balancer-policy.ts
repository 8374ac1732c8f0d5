/**
 * What the AWS Load Balancer Controller may do: make and remove the Network Load Balancers of Services, and nothing
 * that carries no mark of a cluster. The names of actions and tags are AWS's and the controller's
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/); rights that only
 * Ingresses need (certificates, web application firewalls, Shield, Cognito) are left out.
 */

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** The tag that the controller puts on all it makes. `Null: "false"` demands that it is there. */
const clusterTag = "elbv2.k8s.aws/cluster";
const requestIsTagged = { [`aws:RequestTag/${clusterTag}`]: "false" };
const resourceIsTagged = { [`aws:ResourceTag/${clusterTag}`]: "false" };
/** The mark itself can be neither given later nor taken away. */
const markStays = { [`aws:RequestTag/${clusterTag}`]: "true", ...resourceIsTagged };

const balancing = (...actions: string[]): string[] => actions.map((action) => `elasticloadbalancing:${action}`);
const securityGroups = "arn:aws:ec2:*:*:security-group/*";
const balancers = ["targetgroup/*/*", "loadbalancer/net/*/*"].map((kind) => `arn:aws:elasticloadbalancing:*:*:${kind}`);
const listeners = ["listener/net/*/*/*", "listener-rule/net/*/*/*"].map(
  (kind) => `arn:aws:elasticloadbalancing:*:*:${kind}`,
);

export const loadBalancerPolicy: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "LookAround",
      Effect: "Allow",
      Action: ["ec2:Describe*", "ec2:GetSecurityGroupsForVpc", "elasticloadbalancing:Describe*"],
      Resource: "*",
    },
    {
      Sid: "FirstLoadBalancerOfTheAccount",
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: "*",
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    // The rules that it adds go into the cluster's own group too, which does not carry the mark.
    {
      Sid: "OpenTheNodesToLoadBalancers",
      Effect: "Allow",
      Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:CreateSecurityGroup"],
      Resource: "*",
    },
    {
      Sid: "MarkNewSecurityGroups",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: securityGroups,
      Condition: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" }, Null: requestIsTagged },
    },
    {
      Sid: "TagOwnSecurityGroups",
      Effect: "Allow",
      Action: ["ec2:CreateTags", "ec2:DeleteTags"],
      Resource: securityGroups,
      Condition: { Null: markStays },
    },
    {
      Sid: "RemoveOwnSecurityGroups",
      Effect: "Allow",
      Action: ["ec2:DeleteSecurityGroup"],
      Resource: "*",
      Condition: { Null: resourceIsTagged },
    },
    {
      Sid: "MakeMarkedLoadBalancers",
      Effect: "Allow",
      Action: balancing("CreateLoadBalancer", "CreateTargetGroup"),
      Resource: "*",
      Condition: { Null: requestIsTagged },
    },
    {
      Sid: "MarkNewLoadBalancers",
      Effect: "Allow",
      Action: balancing("AddTags"),
      Resource: balancers,
      Condition: {
        StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] },
        Null: requestIsTagged,
      },
    },
    {
      Sid: "TagOwnLoadBalancers",
      Effect: "Allow",
      Action: balancing("AddTags", "RemoveTags"),
      Resource: balancers,
      Condition: { Null: markStays },
    },
    {
      Sid: "TagListeners",
      Effect: "Allow",
      Action: balancing("AddTags", "RemoveTags"),
      Resource: listeners,
    },
    {
      Sid: "ChangeListeners",
      Effect: "Allow",
      Action: balancing(
        "CreateListener",
        "DeleteListener",
        "ModifyListener",
        "CreateRule",
        "DeleteRule",
        "ModifyRule",
        "SetRulePriorities",
      ),
      Resource: "*",
    },
    {
      Sid: "ChangeOwnLoadBalancers",
      Effect: "Allow",
      Action: balancing(
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
      Resource: "*",
      Condition: { Null: resourceIsTagged },
    },
    {
      Sid: "SendToPods",
      Effect: "Allow",
      Action: balancing("RegisterTargets", "DeregisterTargets"),
      Resource: "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
    },
  ],
};
