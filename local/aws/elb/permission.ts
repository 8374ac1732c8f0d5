import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { Addon, PodIdentityAssociation } from "../eks/kinds.ts";
import { roleAllows, roleByArn } from "../iam.ts";
import { trusts } from "../iam-policy.ts";

const NAMESPACE = "kube-system";
const SERVICE_ACCOUNT = "aws-load-balancer-controller";

const elb = (...actions: string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
const ec2 = (...actions: string[]) => actions.map((action) => `ec2:${action}`);

/** What making, changing and removing a network load balancer takes, without rights that only Ingresses need. */
export const TO_ENSURE = [
  ...ec2(
    "DescribeSubnets",
    "DescribeVpcs",
    "DescribeSecurityGroups",
    "DescribeRouteTables",
    "DescribeNetworkInterfaces",
  ),
  ...ec2("CreateSecurityGroup", "CreateTags", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"),
  ...elb("DescribeLoadBalancers", "DescribeTargetGroups", "DescribeListeners", "DescribeTargetHealth", "DescribeTags"),
  ...elb(
    "CreateLoadBalancer",
    "CreateTargetGroup",
    "CreateListener",
    "AddTags",
    "RegisterTargets",
    "DeregisterTargets",
  ),
  ...elb(
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroupAttributes",
    "ModifyListenerAttributes",
    "SetSecurityGroups",
  ),
];
export const TO_DELETE = [
  ...elb("DeleteLoadBalancer", "DeleteTargetGroup", "DeleteListener"),
  ...ec2("DeleteSecurityGroup", "RevokeSecurityGroupIngress"),
];

/**
 * Refuse unless the controller's pods get a role by Pod Identity that may do all of this: the association and the agent
 * are there, the role's trust lets EKS assume and tag it, and its policies allow the actions.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export function assertPermitted(cloud: Cloud, region: string, cluster: string, actions: string[]): void {
  const association = cloud
    .all(PodIdentityAssociation, region)
    .find(
      ({ state }) =>
        state.clusterName === cluster && state.namespace === NAMESPACE && state.serviceAccount === SERVICE_ACCOUNT,
    );
  if (!association) {
    throw new AwsError(
      "NoCredentialProviders",
      `get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found: ${NAMESPACE}/${SERVICE_ACCOUNT} of cluster ${cluster} has no Pod Identity association`,
    );
  }
  if (!cloud.find(Addon, region, `${cluster}:eks-pod-identity-agent`)) {
    throw new AwsError(
      "NoCredentialProviders",
      `get credentials: failed to load credentials: Get "http://169.254.170.23/v1/credentials": dial tcp 169.254.170.23:80: connect: connection refused (cluster ${cluster} has no add-on eks-pod-identity-agent)`,
    );
  }
  const role = roleByArn(cloud, association.state.roleArn);
  const assumable =
    role && trusts(role.state.assumeRolePolicy, "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);
  if (!assumable) {
    throw new AwsError(
      "AccessDeniedException",
      "operation error EKS Auth: AssumeRoleForPodIdentity: Unauthorized Exception! EKS does not have permissions to assume the associated role.",
    );
  }
  const denied = actions.find((action) => !roleAllows(cloud, role, action));
  if (denied) {
    const session = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${role.state.name}/eks-${cluster}-${SERVICE_ACCOUNT}`;
    throw new AwsError(
      "AccessDenied",
      `User: ${session} is not authorized to perform: ${denied} because no identity-based policy allows the ${denied} action`,
    );
  }
}
