import type { Cloud } from "../cloud.ts";
import { randomHex } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { addServiceAddress } from "../ec2/network-interface.ts";
import type { Call, Resource, ResourceType } from "../resource.ts";
import { addEntry, addPolicy } from "./access.ts";
import {
  LATEST_VERSION,
  assertClusterRole,
  assertEndpoint,
  assertNetwork,
  assertNewName,
  assertUpgrade,
  assertVersion,
  invalidParameter,
  serviceCidr,
} from "./cluster-checks.ts";
import { Cluster, ControlPlane, NodeGroup } from "./kinds.ts";
import { addClusterGroup, moveInterfaces, removeCluster } from "./control-plane.ts";
import type { AuthenticationMode, ClusterState, VpcConfig } from "./kinds.ts";
import { accessOf, clusterRecord, eksArn } from "./records.ts";

export interface ClusterInputs {
  name: string;
  region: string;
  roleArn: string;
  vpcConfig: VpcConfig;
  version?: string;
  accessConfig?: { authenticationMode?: AuthenticationMode; bootstrapClusterCreatorAdminPermissions?: boolean };
  kubernetesNetworkConfig?: { ipFamily?: string; serviceIpv4Cidr?: string };
  upgradePolicy?: { supportType?: string };
  bootstrapSelfManagedAddons: boolean;
  deletionProtection?: boolean;
  tags?: Record<string, string>;
  tagsAll: Record<string, string>;
}

export const cluster: ResourceType<ClusterInputs, ClusterState> = {
  kind: Cluster,
  replaceOn: [
    ...["name", "roleArn", "bootstrapSelfManagedAddons", "outpostConfig", "region"],
    ...["accessConfig.bootstrapClusterCreatorAdminPermissions"],
    ...["kubernetesNetworkConfig.ipFamily", "kubernetesNetworkConfig.serviceIpv4Cidr"],
  ],
  computed: ["accessConfig", "kubernetesNetworkConfig", "name", "upgradePolicy", "version", "deletionProtection"],
  computedWithin: [
    ...["vpcConfig.clusterSecurityGroupId", "vpcConfig.vpcId", "vpcConfig.publicAccessCidrs"],
    ...["kubernetesNetworkConfig.serviceIpv4Cidr"],
  ],
  changedByUpdate: ["platformVersion", "status"],
  autoName: { property: "name", maxLength: 100 },
  defaults: { bootstrapSelfManagedAddons: true },
  words: {
    "accessConfig.authenticationMode": ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"],
    "upgradePolicy.supportType": ["STANDARD", "EXTENDED"],
    "kubernetesNetworkConfig.ipFamily": ["ipv4"],
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  },
  check(inputs, refuse) {
    if (typeof inputs["name"] === "string" && !/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(inputs["name"])) {
      refuse(
        "name",
        "must be between 1-100 characters in length, start with a letter or number and have only [A-Za-z0-9_-]",
      );
    }
    for (const name of ["outpostConfig", "remoteNetworkConfig", "computeConfig"]) {
      const enabled = (inputs[name] as { enabled?: unknown } | undefined)?.enabled;
      if (inputs[name] !== undefined && enabled !== false) refuse(name, `the local cloud has no "${name}"`);
    }
  },
  async create(cloud, inputs, call) {
    const created = addCluster(cloud, inputs, call);
    try {
      await cloud.settle();
      const { certificateAuthority } = await cloud.runtime.createCluster(clusterRecord(cloud, created));
      created.state.certificateAuthority = { data: certificateAuthority };
      created.state.status = "ACTIVE";
      cloud.touch();
      await cloud.runtime.setAccess(clusterRecord(cloud, created), accessOf(cloud, created));
      return created;
    } catch (error) {
      await abandonCluster(cloud, created);
      throw error;
    }
  },
  async update(cloud, existing, inputs) {
    const state = changed(cloud, existing, inputs);
    Object.assign(existing.state, state);
    moveInterfaces(cloud, existing);
    cloud.touch();
    await cloud.settle();
    await cloud.runtime.updateCluster(clusterRecord(cloud, existing));
    return state;
  },
  async delete(cloud, existing) {
    const groups = cloud.all(NodeGroup, existing.region).filter(({ state }) => state.clusterName === existing.id);
    if (groups.length > 0) throw new AwsError("ResourceInUseException", "Cluster has nodegroups attached");
    if (existing.state.deletionProtection) {
      throw new AwsError("InvalidRequestException", "Cannot delete cluster with deletion protection enabled");
    }
    existing.state.status = "DELETING";
    cloud.touch();
    await cloud.runtime.deleteCluster(clusterRecord(cloud, existing));
    removeCluster(cloud, existing);
  },
};

/** Undo what was begun: a cluster that did not start, or whose making nobody waits for any more. */
export async function abandonCluster(cloud: Cloud, begun: Resource<ClusterState>): Promise<void> {
  await cloud.runtime.deleteCluster(clusterRecord(cloud, begun)).catch(() => undefined);
  removeCluster(cloud, begun);
  cloud.remove(begun);
}

function addCluster(cloud: Cloud, inputs: ClusterInputs, { region, principalArn }: Call): Resource<ClusterState> {
  const { name, accessConfig, version = LATEST_VERSION } = inputs;
  assertNewName(cloud, region, name);
  assertVersion(version);
  assertClusterRole(cloud, inputs.roleArn);
  const vpc = assertNetwork(cloud, region, name, inputs.vpcConfig);
  const vpcConfig = withDefaults(inputs.vpcConfig);
  assertEndpoint(vpcConfig, vpc);
  const serviceIpv4Cidr = serviceCidr(vpc, inputs.kubernetesNetworkConfig?.serviceIpv4Cidr);
  const mode = accessConfig?.authenticationMode ?? "CONFIG_MAP";
  const asAdmin = accessConfig ? (accessConfig.bootstrapClusterCreatorAdminPermissions ?? false) : true;
  const clusterId = randomHex(32).toUpperCase();
  const endpointHost = `${clusterId}.gr7.${region}.eks.amazonaws.com`;
  const clusterSecurityGroupId = addClusterGroup(cloud, region, name, vpc.id);
  cloud.add(ControlPlane, {
    id: name,
    region,
    madeBy: "eks",
    state: {
      endpointHost,
      publicIp: addServiceAddress(cloud, region, `endpoint of ${name}`),
      egressIp: addServiceAddress(cloud, region, `egress of ${name}`),
      networkInterfaceIds: [],
      creatorArn: principalArn,
    },
  });
  const state = {
    enabledClusterLogTypes: [],
    deletionProtection: false,
    ...inputs,
    arn: eksArn(region, `cluster/${name}`),
    version,
    accessConfig: { authenticationMode: mode, bootstrapClusterCreatorAdminPermissions: asAdmin },
    certificateAuthority: { data: "" },
    certificateAuthorities: [{ data: "" }],
    createdAt: new Date().toISOString(),
    endpoint: `https://${endpointHost}`,
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${clusterId}` }] }],
    kubernetesNetworkConfig: {
      ipFamily: "ipv4",
      ...inputs.kubernetesNetworkConfig,
      serviceIpv4Cidr,
      serviceIpv6Cidr: "",
    },
    platformVersion: "eks.1",
    status: "CREATING" as const,
    upgradePolicy: { supportType: "EXTENDED", ...inputs.upgradePolicy },
    vpcConfig: { ...vpcConfig, clusterSecurityGroupId, vpcId: vpc.id },
  };
  const created = cloud.add(Cluster, { id: name, region, state });
  moveInterfaces(cloud, created);
  if (asAdmin) {
    addEntry(cloud, { clusterName: name, principalArn, region, madeBy: "eks" });
    addPolicy(cloud, { clusterName: name, principalArn, region, madeBy: "eks" });
  }
  return created;
}

/** What an update makes of the state. Throws where EKS refuses the change. */
function changed(
  cloud: Cloud,
  { state, region }: Resource<ClusterState>,
  inputs: ClusterInputs,
): Partial<ClusterState> {
  const version = inputs.version ?? state.version;
  assertUpgrade(state.version, version);
  const vpc = assertNetworkChange(cloud, region, state, inputs);
  const vpcConfig = withDefaults(inputs.vpcConfig);
  assertEndpoint(vpcConfig, vpc);
  const { clusterSecurityGroupId, vpcId } = state.vpcConfig;
  const authenticationMode = inputs.accessConfig?.authenticationMode ?? state.accessConfig.authenticationMode;
  assertModeChange(state.accessConfig.authenticationMode, authenticationMode);
  return {
    version,
    accessConfig: { ...state.accessConfig, authenticationMode },
    kubernetesNetworkConfig: state.kubernetesNetworkConfig,
    vpcConfig: { ...vpcConfig, clusterSecurityGroupId, vpcId },
    ...({ upgradePolicy: { supportType: "EXTENDED", ...inputs.upgradePolicy } } as object),
  };
}

function assertNetworkChange(cloud: Cloud, region: string, { vpcConfig, name }: ClusterState, inputs: ClusterInputs) {
  const vpc = assertNetwork(cloud, region, name, inputs.vpcConfig);
  if (vpc.id !== vpcConfig.vpcId) {
    throw invalidParameter("Subnets provided must be in the same VPC as the cluster's existing subnets");
  }
  return vpc;
}

function assertModeChange(from: AuthenticationMode, to: AuthenticationMode): void {
  const order: AuthenticationMode[] = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
  if (from !== to && order.indexOf(to) !== order.indexOf(from) + 1) {
    throw invalidParameter(`Unsupported authentication mode update from ${from} to ${to}`);
  }
}

function withDefaults(config: VpcConfig): Required<VpcConfig> {
  return {
    endpointPublicAccess: true,
    endpointPrivateAccess: false,
    publicAccessCidrs: config.endpointPublicAccess === false ? [] : ["0.0.0.0/0"],
    securityGroupIds: [],
    ...config,
  };
}
