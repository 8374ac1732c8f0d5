import { isDeepStrictEqual } from "node:util";
import { ACCOUNT_ID, randomHex } from "./cloud.ts";
import type { Cloud } from "./cloud.ts";
import { AwsError } from "./errors.ts";
import { allows, assertPermissionPolicy, assertTrustPolicy } from "./iam-policy.ts";
import { GLOBAL, kind } from "./resource.ts";
import type { Props, Resource, ResourceType, Tags } from "./resource.ts";
import { UNKNOWN } from "./validate.ts";

export interface RoleState {
  arn: string;
  name: string;
  path: string;
  assumeRolePolicy: string;
  forceDetachPolicies: boolean;
  maxSessionDuration: number;
  managedPolicyArns?: string[];
  inlinePolicies?: { name?: string; policy?: string }[];
  tagsAll: Tags;
}
export const Role = kind<RoleState>("aws:iam/role:Role");

export interface PolicyState {
  arn: string;
  name: string;
  path: string;
  policy: string;
  tagsAll: Tags;
}
const Policy = kind<PolicyState>("aws:iam/policy:Policy");

export interface AttachmentState {
  role: string;
  policyArn: string;
}
const RolePolicyAttachment = kind<AttachmentState>("aws:iam/rolePolicyAttachment:RolePolicyAttachment");

export interface RolePolicyState {
  name: string;
  role: string;
  policy: string;
}
const RolePolicy = kind<RolePolicyState>("aws:iam/rolePolicy:RolePolicy");

/** The managed policies of AWS that a cluster or its parts use. */
const AWS_POLICIES: readonly string[] = [
  ...["AmazonEKSClusterPolicy", "AmazonEKSServicePolicy", "AmazonEKSVPCResourceController"],
  ...["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy", "AmazonEKS_CNI_Policy"],
  ...["AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"],
  ...[
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ],
  ...["ElasticLoadBalancingFullAccess", "AmazonEC2FullAccess", "AdministratorAccess", "CloudWatchAgentServerPolicy"],
  ...["service-role/AmazonEBSCSIDriverPolicy"],
].map((name) => `arn:aws:iam::aws:policy/${name}`);

/** What those grant that this cloud asks about; the others grant nothing here. */
const AWS_GRANTS: Record<string, string[]> = {
  "arn:aws:iam::aws:policy/AdministratorAccess": ["*"],
  "arn:aws:iam::aws:policy/ElasticLoadBalancingFullAccess": ["elasticloadbalancing:*"],
  "arn:aws:iam::aws:policy/AmazonEC2FullAccess": ["ec2:*", "elasticloadbalancing:*"],
};

export const role: ResourceType<RoleState, RoleState> = {
  kind: Role,
  global: true,
  replaceOn: ["name", "namePrefix", "path"],
  computed: ["managedPolicyArns", "inlinePolicies", "name"],
  autoName: { property: "name", maxLength: 64, unless: "namePrefix" },
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  documents: ["assumeRolePolicy"],
  check(inputs, refuse) {
    checkName(inputs, 64, refuse);
    const seconds = inputs["maxSessionDuration"];
    if (typeof seconds === "number" && (seconds < 3600 || seconds > 43200)) {
      refuse("maxSessionDuration", `expected max_session_duration to be in the range (3600 - 43200), got ${seconds}`);
    }
  },
  create(cloud, inputs) {
    assertTrustPolicy(inputs.assumeRolePolicy);
    if (cloud.find(Role, GLOBAL, inputs.name)) throw exists(`Role with name ${inputs.name} already exists.`);
    for (const { policy = "" } of inputs.inlinePolicies ?? []) assertPermissionPolicy(policy);
    for (const arn of inputs.managedPolicyArns ?? []) assertPolicyExists(cloud, arn);
    const arn = `arn:aws:iam::${ACCOUNT_ID}:role${inputs.path}${inputs.name}`;
    const uniqueId = `AROA${randomHex(17).toUpperCase()}`;
    const state = { ...inputs, arn, uniqueId, createDate: new Date().toISOString() };
    return cloud.add(Role, { id: inputs.name, region: GLOBAL, state });
  },
  update(_cloud, _role, inputs) {
    assertTrustPolicy(inputs.assumeRolePolicy);
  },
  delete(cloud, { id, state }) {
    const attached = cloud.all(RolePolicyAttachment).filter((attachment) => attachment.state.role === id);
    if (attached.length > 0 && !state.forceDetachPolicies) {
      throw new AwsError("DeleteConflict", "Cannot delete entity, must detach all policies first.");
    }
    const inline = cloud.all(RolePolicy).filter((policy) => policy.state.role === id);
    if (inline.length > 0 && !state.forceDetachPolicies) {
      throw new AwsError("DeleteConflict", "Cannot delete entity, must delete policies first.");
    }
    for (const owned of [...attached, ...inline]) cloud.remove(owned);
  },
};

export const policy: ResourceType<PolicyState, PolicyState> = {
  kind: Policy,
  global: true,
  replaceOn: ["name", "namePrefix", "path", "description"],
  computed: ["name"],
  autoName: { property: "name", maxLength: 128, unless: "namePrefix" },
  defaults: { path: "/" },
  documents: ["policy"],
  check(inputs, refuse) {
    checkName(inputs, 128, refuse);
  },
  create(cloud, inputs) {
    assertPermissionPolicy(inputs.policy);
    const arn = `arn:aws:iam::${ACCOUNT_ID}:policy${inputs.path}${inputs.name}`;
    if (cloud.find(Policy, GLOBAL, arn)) {
      throw exists(`A policy called ${inputs.name} already exists. Duplicate names are not allowed.`);
    }
    const state = { ...inputs, arn, policyId: `ANPA${randomHex(17).toUpperCase()}`, attachmentCount: 0 };
    return cloud.add(Policy, { id: arn, region: GLOBAL, state });
  },
  update(_cloud, _policy, inputs) {
    assertPermissionPolicy(inputs.policy);
  },
  delete(cloud, { id }) {
    const attached = cloud.all(RolePolicyAttachment).some(({ state }) => state.policyArn === id);
    if (attached) throw new AwsError("DeleteConflict", "Cannot delete a policy attached to entities.");
  },
};

export const rolePolicyAttachment: ResourceType<AttachmentState, AttachmentState> = {
  kind: RolePolicyAttachment,
  global: true,
  replaceOn: ["role", "policyArn"],
  create(cloud, inputs) {
    roleNamed(cloud, inputs.role);
    assertPolicyExists(cloud, inputs.policyArn);
    return cloud.add(RolePolicyAttachment, { id: `${inputs.role}/${inputs.policyArn}`, region: GLOBAL, state: inputs });
  },
};

export const rolePolicy: ResourceType<RolePolicyState, RolePolicyState> = {
  kind: RolePolicy,
  global: true,
  replaceOn: ["name", "namePrefix", "role"],
  computed: ["name"],
  autoName: { property: "name", maxLength: 128, unless: "namePrefix" },
  documents: ["policy"],
  create(cloud, inputs) {
    roleNamed(cloud, inputs.role);
    assertPermissionPolicy(inputs.policy);
    return cloud.add(RolePolicy, { id: `${inputs.role}:${inputs.name}`, region: GLOBAL, state: inputs });
  },
  update(_cloud, _policy, inputs) {
    assertPermissionPolicy(inputs.policy);
  },
};

/** The role behind an ARN, if the account has it. */
export function roleByArn(cloud: Cloud, arn: string): Resource<RoleState> | undefined {
  return cloud.all(Role).find(({ state }) => state.arn === arn);
}

/** ARNs of the managed policies that a role has. */
export function policiesOf(cloud: Cloud, { id, state }: Resource<RoleState>): string[] {
  const attached = cloud.all(RolePolicyAttachment).filter((attachment) => attachment.state.role === id);
  return [...attached.map((attachment) => attachment.state.policyArn), ...(state.managedPolicyArns ?? [])];
}

/** Whether a role's policies, taken together, allow an action. */
export function roleAllows(cloud: Cloud, holder: Resource<RoleState>, action: string): boolean {
  const arns = policiesOf(cloud, holder);
  const grants = arns.flatMap((arn) => AWS_GRANTS[arn] ?? []);
  const documents = [
    ...cloud.all(Policy).flatMap(({ id, state }) => (arns.includes(id) ? [state.policy] : [])),
    ...cloud.all(RolePolicy).flatMap(({ state }) => (state.role === holder.id ? [state.policy] : [])),
    ...(holder.state.inlinePolicies ?? []).flatMap(({ policy: text }) => (text ? [text] : [])),
    ...(grants.length > 0 ? [JSON.stringify({ Statement: [{ Effect: "Allow", Action: grants, Resource: "*" }] })] : []),
  ];
  return allows(documents, action);
}

/** Whether two policy documents say the same. */
export function sameDocument(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(String(a)), JSON.parse(String(b)));
  } catch {
    return a === b;
  }
}

function roleNamed(cloud: Cloud, name: string): Resource<RoleState> {
  const found = cloud.find(Role, GLOBAL, name);
  if (!found) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`);
  return found;
}

function assertPolicyExists(cloud: Cloud, arn: string): void {
  if (AWS_POLICIES.includes(arn) || cloud.find(Policy, GLOBAL, arn)) return;
  throw new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
}

function checkName(inputs: Props, maxLength: number, refuse: (property: string, reason: string) => void): void {
  const { name } = inputs;
  if (typeof name !== "string" || name === UNKNOWN) return;
  if (name.length < 1 || name.length > maxLength) {
    refuse("name", `expected length of name to be in the range (1 - ${maxLength}), got ${name}`);
  }
  if (!/^[\w+=,.@-]*$/.test(name)) {
    refuse("name", String.raw`invalid value for name (must match [\w+=,.@-])`);
  }
}

function exists(message: string): AwsError {
  return new AwsError("EntityAlreadyExists", message);
}
