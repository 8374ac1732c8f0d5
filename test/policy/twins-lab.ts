/** What the policies about rights, cost and tear-down must catch. */
import { withInputs } from "../laws/mistakes.ts";
import {
  allow,
  attachment,
  container,
  curl,
  disk,
  eks,
  group,
  igw,
  ingress,
  inside,
  instead,
  istiod,
  mtls,
  narrow,
  options,
  rights,
  role,
  template,
  type Twin,
} from "./mistakes.ts";

const targetGroups = (account: string): string => `arn:aws:elasticloadbalancing:*:${account}:targetgroup/*/*`;
const registering = { Action: ["elasticloadbalancing:RegisterTargets"], Resource: targetGroups("*") };
const register = (resource: string): ReturnType<typeof allow> => allow({ ...registering, Resource: resource });

export const labTwins: Readonly<Record<string, readonly Twin[]>> = {
  "iam-actions-are-named": [
    { ...rights, right: narrow, wrong: allow({ Action: "s3:*" }) },
    { ...rights, right: narrow, wrong: allow({ NotAction: ["s3:PutObject"] }) },
  ],
  "iam-resources-are-bounded": [
    { ...rights, right: narrow, wrong: allow({ Action: ["s3:PutObject"], Resource: "*" }) },
    {
      ...rights,
      right: allow({ Action: ["s3:PutObject"], Resource: "*", Condition: { Null: { "aws:ResourceTag/a": "false" } } }),
      wrong: allow({ Action: ["s3:PutObject"], Resource: ["*"] }),
    },
    // Any one of its kind, in whatever account; the same of one account, or under a condition, is bounded.
    { ...rights, right: register(targetGroups("111122223333")), wrong: register(targetGroups("*")) },
    {
      ...rights,
      right: allow({ ...registering, Condition: { Null: { "aws:ResourceTag/a": "false" } } }),
      wrong: allow(registering),
    },
    { ...rights, right: register("arn:aws:s3:::logs/*"), wrong: register("arn:aws:s3:::*") },
  ],
  "iam-no-rights-to-give-rights": [{ ...rights, right: narrow, wrong: allow({ Action: ["iam:PassRole"] }) }],
  "iam-roles-are-for-services": [
    {
      name: "east-load-balancers-role",
      wrong: withInputs({ assumeRolePolicy: '{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"}}}' }),
    },
    {
      name: "east-load-balancers-role",
      wrong: withInputs({ assumeRolePolicy: '{"Statement":{"Effect":"Allow","Principal":"*"}}' }),
    },
  ],
  "iam-no-inline-policies": [
    { ...igw, wrong: instead("aws:iam/rolePolicy:RolePolicy") },
    { name: "east-nodes-role", wrong: withInputs({ inlinePolicies: [{ name: "x" }] }) },
  ],
  "iam-no-users": [{ ...igw, wrong: instead("aws:iam/accessKey:AccessKey") }],
  "iam-no-administrators-in-aws": [
    { ...attachment, wrong: withInputs({ policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }) },
  ],
  "cost-no-nat-gateway": [{ ...igw, wrong: instead("aws:ec2/natGateway:NatGateway") }],
  "cost-one-nat-gateway-per-cluster": [],
  "cost-few-nodes": [
    { ...group, wrong: withInputs({ scalingConfig: { maxSize: 30 } }) },
    {
      ...group,
      right: instead("aws:eks/nodeGroup:NodeGroup", { scalingConfig: { maxSize: 3 } }),
      wrong: instead("aws:eks/nodeGroup:NodeGroup", {}),
    },
  ],
  "cost-small-nodes": [
    { ...group, wrong: withInputs({ instanceTypes: ["t3.large", "m5.24xlarge"] }) },
    {
      ...group,
      right: withInputs({ instanceTypes: ["t4g.xlarge"] }),
      wrong: withInputs({ instanceTypes: ["p5.large"] }),
    },
  ],
  "cost-small-disks": [
    { ...template, right: disk({}), wrong: disk({ volumeSize: 500 }) },
    { ...template, right: disk({}), wrong: disk({ volumeType: "io2" }) },
  ],
  "cost-standard-support": [{ ...eks, wrong: withInputs({ upgradePolicy: { supportType: "EXTENDED" } }) }],
  "cost-few-load-balancers": [],
  "cost-requests-are-stated": [{ ...curl, wrong: container({ resources: { requests: { cpu: "10m" } } }) }],
  "teardown-no-persistent-volumes": [
    { ...mtls, wrong: instead("kubernetes:core/v1:PersistentVolumeClaim") },
    { ...mtls, wrong: instead("kubernetes:storage.k8s.io/v1:StorageClass") },
    {
      ...mtls,
      right: instead("kubernetes:apps/v1:StatefulSet", { spec: {} }),
      wrong: instead("kubernetes:apps/v1:StatefulSet", { spec: { volumeClaimTemplates: [{}] } }),
    },
    {
      ...igw,
      right: instead("aws:eks/addon:Addon", { addonName: "coredns" }),
      wrong: instead("aws:eks/addon:Addon", { addonName: "aws-ebs-csi-driver" }),
    },
    { ...igw, wrong: instead("aws:ebs/volume:Volume") },
  ],
  "teardown-disks-go-with-their-nodes": [
    {
      ...template,
      right: disk({ deleteOnTermination: "true" }),
      wrong: disk({ deleteOnTermination: "false" }),
    },
    { ...template, wrong: withInputs({ networkInterfaces: [{ deleteOnTermination: "false" }] }) },
  ],
  "teardown-nothing-is-protected": [
    { ...eks, wrong: options({ protect: true }) },
    { ...eks, wrong: withInputs({ deletionProtection: true }) },
    {
      ...ingress,
      wrong: inside(
        ["metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-attributes"],
        "deletion_protection.enabled=true",
      ),
    },
  ],
  "teardown-nothing-is-retained": [{ ...istiod, wrong: options({ retainOnDelete: true }) }],
  "teardown-load-balancers-have-time": [
    { ...ingress, wrong: options({ customTimeouts: { delete: "5m" } }) },
    {
      ...ingress,
      right: options({ customTimeouts: { delete: "900s" } }),
      wrong: () => ({ options: {} }),
    },
  ],
  "teardown-no-load-balancers-behind-our-back": [
    {
      ...mtls,
      right: role({ resources: ["services"], verbs: ["get"] }),
      wrong: role({ resources: ["services"], verbs: ["create"] }),
    },
  ],
  "teardown-everything-belongs-to-a-cluster": [
    { ...igw, wrong: (_, graph) => ({ parent: graph.stack.urn }) },
    { ...curl, wrong: () => ({ parent: undefined }) },
  ],
  "nodes-metadata-v2": [{ ...template, wrong: withInputs({ metadataOptions: { httpTokens: "optional" } }) }],
  "nodes-disks-encrypted": [{ ...template, right: disk({}), wrong: disk({ encrypted: "false" }) }],
  "nodes-without-ssh": [
    { ...group, wrong: withInputs({ remoteAccess: { ec2SshKey: "mine" } }) },
    { ...template, wrong: withInputs({ keyName: "mine" }) },
  ],
};
