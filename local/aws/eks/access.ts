import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID, randomHex } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { GLOBAL } from "../resource.ts";
import type { Resource, ResourceType } from "../resource.ts";
import { Role, roleByArn } from "../iam.ts";
import { invalidParameter } from "./cluster-checks.ts";
import { AccessEntryKind, AccessPolicyAssociation, PodIdentityAssociation } from "./kinds.ts";
import type { AccessEntryState, AccessPolicyAssociationState, ClusterState, PodIdentityState } from "./kinds.ts";
import { accessOf, clusterNamed, clusterRecord, eksArn } from "./records.ts";

const POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/";

/** https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const ACCESS_POLICIES = ["ClusterAdmin", "Admin", "AdminView", "Edit", "View"].map(
  (name) => `${POLICY_PREFIX}AmazonEKS${name}Policy`,
);

type EntryInputs = Omit<AccessEntryState, "accessEntryArn" | "kubernetesGroups" | "userName"> & {
  kubernetesGroups?: string[];
  userName?: string;
};

export const accessEntry: ResourceType<EntryInputs, AccessEntryState> = {
  kind: AccessEntryKind,
  replaceOn: ["clusterName", "principalArn", "type", "region"],
  computed: ["kubernetesGroups", "userName"],
  defaults: { type: "STANDARD" },
  words: { type: ["STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2"] },
  check(inputs, refuse) {
    const arn = inputs["principalArn"];
    if (typeof arn === "string" && arn.includes(":") && !/^arn:aws[a-z-]*:(iam|sts)::\d{12}:.+$/.test(arn)) {
      refuse("principalArn", `"principal_arn" (${arn}) is an invalid ARN: it has to name an IAM user or role`);
    }
  },
  async create(cloud, inputs, { region }) {
    const cluster = entryCluster(cloud, region, inputs.clusterName);
    assertPrincipal(cloud, inputs.principalArn);
    if (cloud.find(AccessEntryKind, region, entryId(inputs))) {
      const message = "The specified access entry resource is already in use on this cluster.";
      throw new AwsError("ResourceInUseException", message);
    }
    const wrong = (inputs.kubernetesGroups ?? []).find((group) => /^(system|eks|aws|amazon|iam):/.test(group));
    if (wrong) throw invalidParameter(`The kubernetes group name ${wrong} is invalid, it cannot start with system:`);
    const entry = addEntry(cloud, inputs);
    await applyAccess(cloud, cluster);
    return entry;
  },
  async update(cloud, entry, inputs) {
    Object.assign(entry.state, { kubernetesGroups: inputs.kubernetesGroups ?? [], userName: userNameOf(inputs) });
    cloud.touch();
    await applyAccess(cloud, clusterNamed(cloud, entry.region, inputs.clusterName));
    return { kubernetesGroups: entry.state.kubernetesGroups, userName: entry.state.userName };
  },
  async delete(cloud, entry) {
    for (const policy of cloud.all(AccessPolicyAssociation, entry.region)) {
      if (entryId(policy.state) === entry.id) cloud.remove(policy);
    }
    cloud.remove(entry);
    await applyAccess(cloud, clusterNamed(cloud, entry.region, entry.state.clusterName));
  },
};

export const accessPolicyAssociation: ResourceType<AccessPolicyAssociationState, AccessPolicyAssociationState> = {
  kind: AccessPolicyAssociation,
  replaceOn: ["accessScope", "clusterName", "policyArn", "principalArn", "region"],
  words: { "accessScope.type": ["cluster", "namespace"] },
  async create(cloud, inputs, { region }) {
    const cluster = entryCluster(cloud, region, inputs.clusterName);
    if (!ACCESS_POLICIES.includes(inputs.policyArn))
      throw invalidParameter("The policyArn parameter format is not valid");
    if (!cloud.find(AccessEntryKind, region, entryId(inputs))) {
      throw new AwsError(
        "ResourceNotFoundException",
        `The specified principalArn could not be found. You can view your available access entries with 'aws eks list-access-entries'.`,
      );
    }
    const { type, namespaces = [] } = inputs.accessScope;
    if ((type === "namespace") !== namespaces.length > 0) {
      throw invalidParameter("An accessScope of type namespace, and no other, needs namespaces");
    }
    const id = `${inputs.clusterName}#${inputs.principalArn}#${inputs.policyArn}`;
    const now = new Date().toISOString();
    const association = cloud.add(AccessPolicyAssociation, {
      id,
      region,
      state: { ...inputs, associatedAt: now, modifiedAt: now } as AccessPolicyAssociationState,
    });
    await applyAccess(cloud, cluster);
    return association;
  },
  async delete(cloud, association) {
    cloud.remove(association);
    await applyAccess(cloud, clusterNamed(cloud, association.region, association.state.clusterName));
  },
};

type PodIdentityInputs = Omit<PodIdentityState, "associationId" | "associationArn">;

export const podIdentityAssociation: ResourceType<PodIdentityInputs, PodIdentityState> = {
  kind: PodIdentityAssociation,
  replaceOn: ["clusterName", "namespace", "serviceAccount", "region"],
  create(cloud, inputs, { region }) {
    const { clusterName, namespace, serviceAccount } = inputs;
    clusterNamed(cloud, region, clusterName);
    if (!roleByArn(cloud, inputs.roleArn)) throw invalidParameter("Role provided in the request does not exist.");
    const other = cloud
      .all(PodIdentityAssociation, region)
      .find(
        ({ state }) =>
          state.clusterName === clusterName && state.namespace === namespace && state.serviceAccount === serviceAccount,
      );
    if (other) throw new AwsError("ResourceInUseException", `Association already exists: ${other.id}`);
    const associationId = `a-${randomHex(17)}`;
    const associationArn = eksArn(region, `podidentityassociation/${clusterName}/${associationId}`);
    const state = { ...inputs, associationId, associationArn, disableSessionTags: false, externalId: "" };
    return cloud.add(PodIdentityAssociation, { id: associationId, region, state });
  },
  update(cloud, _association, inputs) {
    if (!roleByArn(cloud, inputs.roleArn)) throw invalidParameter("Role provided in the request does not exist.");
  },
};

interface NewEntry extends Partial<Omit<EntryInputs, "clusterName" | "principalArn" | "region">> {
  clusterName: string;
  principalArn: string;
  region: string;
  madeBy?: "eks";
}

/** Record an entry; the creator's own is made by EKS. */
export function addEntry(cloud: Cloud, { madeBy, ...inputs }: NewEntry): Resource<AccessEntryState> {
  const { clusterName, principalArn, region, kubernetesGroups = [] } = inputs;
  const now = new Date().toISOString();
  const state = {
    type: "STANDARD",
    tagsAll: {},
    ...inputs,
    kubernetesGroups,
    userName: userNameOf(inputs),
    accessEntryArn: eksArn(
      region,
      `access-entry/${clusterName}/${principalArn.split(":").slice(-1)[0] ?? ""}/${randomHex(8)}`,
    ),
    createdAt: now,
    modifiedAt: now,
  };
  return cloud.add(AccessEntryKind, {
    id: entryId({ clusterName, principalArn }),
    region,
    state,
    ...(madeBy ? { madeBy } : {}),
  });
}

/** The creator is cluster admin. */
export function addPolicy(cloud: Cloud, { clusterName, principalArn, region }: NewEntry): void {
  const policyArn = `${POLICY_PREFIX}AmazonEKSClusterAdminPolicy`;
  const state = { clusterName, principalArn, policyArn, accessScope: { type: "cluster" as const }, region };
  cloud.add(AccessPolicyAssociation, {
    id: `${clusterName}#${principalArn}#${policyArn}`,
    region,
    madeBy: "eks",
    state,
  });
}

function entryId({ clusterName, principalArn }: { clusterName: string; principalArn: string }): string {
  return `${clusterName}:${principalArn}`;
}

/** Users are known by their ARN, roles by the session they are assumed in. */
function userNameOf({ principalArn, userName }: { principalArn: string; userName?: string }): string {
  if (userName) return userName;
  const role = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principalArn);
  return role ? `arn:aws:sts::${role[1] ?? ""}:assumed-role/${role[2] ?? ""}/{{SessionName}}` : principalArn;
}

/** Only roles of this account can be looked up: users and other accounts are taken at their word. */
function assertPrincipal(cloud: Cloud, principalArn: string): void {
  const own = cloud.all(Role, GLOBAL).some(({ state }) => state.arn === principalArn);
  const foreign = !principalArn.startsWith(`arn:aws:iam::${ACCOUNT_ID}:role/`);
  if (!own && !foreign) throw invalidParameter("The specified principalArn is invalid: invalid principal.");
}

function entryCluster(cloud: Cloud, region: string, name: string): Resource<ClusterState> {
  const cluster = clusterNamed(cloud, region, name);
  if (cluster.state.accessConfig.authenticationMode === "CONFIG_MAP") {
    throw new AwsError(
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
  }
  return cluster;
}

async function applyAccess(cloud: Cloud, cluster: Resource<ClusterState>): Promise<void> {
  await cloud.runtime.setAccess(clusterRecord(cloud, cluster), accessOf(cloud, cluster));
}
