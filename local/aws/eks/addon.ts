import { setTimeout as sleep } from "node:timers/promises";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { Resource, ResourceType } from "../resource.ts";
import { randomHex } from "../cloud.ts";
import { invalidParameter } from "./cluster-checks.ts";
import { Addon, NodeGroup } from "./kinds.ts";
import type { AddonState, ClusterState } from "./kinds.ts";
import { activeCluster, addonRecord, clusterNamed, clusterRecord, eksArn } from "./records.ts";

type AddonInputs = Omit<AddonState, "arn" | "addonVersion"> & {
  addonVersion?: string;
  resolveConflictsOnUpdate?: string;
};

/** Which add-ons there are, and which of them run as Deployments and therefore need a node to become healthy. */
const ADDONS: Record<string, { needsNodes: boolean; bundled: boolean }> = {
  "vpc-cni": { needsNodes: false, bundled: true },
  "kube-proxy": { needsNodes: false, bundled: true },
  coredns: { needsNodes: true, bundled: true },
  "eks-pod-identity-agent": { needsNodes: false, bundled: false },
  "metrics-server": { needsNodes: true, bundled: false },
  "aws-ebs-csi-driver": { needsNodes: true, bundled: false },
};

export const addon: ResourceType<AddonInputs, AddonState> = {
  kind: Addon,
  replaceOn: ["addonName", "clusterName", "region"],
  computed: ["addonVersion", "configurationValues"],
  words: {
    resolveConflictsOnCreate: ["NONE", "OVERWRITE"],
    resolveConflictsOnUpdate: ["NONE", "OVERWRITE", "PRESERVE"],
  },
  async create(cloud, inputs, { region }) {
    const cluster = activeCluster(cloud, region, inputs.clusterName);
    const addonVersion = assertAddon(cloud, cluster, inputs);
    if (ADDONS[inputs.addonName]?.needsNodes) await nodesReady(cloud, cluster, inputs.addonName);
    const id = `${inputs.clusterName}:${inputs.addonName}`;
    const now = new Date().toISOString();
    const arn = eksArn(region, `addon/${inputs.clusterName}/${inputs.addonName}/${randomHex(32)}`);
    const state = { configurationValues: "", ...inputs, addonVersion, arn, createdAt: now, modifiedAt: now };
    const created = cloud.add(Addon, { id, region, state });
    try {
      await cloud.runtime.installAddon(clusterRecord(cloud, cluster), addonRecord(created));
    } catch (error) {
      cloud.remove(created);
      throw error;
    }
    return created;
  },
  async update(cloud, existing, inputs) {
    const cluster = clusterNamed(cloud, existing.region, inputs.clusterName);
    const addonVersion = inputs.addonVersion ?? existing.state.addonVersion;
    assertVersionOf(inputs.addonName, addonVersion, cluster.state.version);
    assertConfiguration(inputs.configurationValues);
    Object.assign(existing.state, { ...inputs, addonVersion });
    cloud.touch();
    await cloud.runtime.installAddon(clusterRecord(cloud, cluster), addonRecord(existing));
    return { addonVersion };
  },
  /** With `preserve` the add-on's objects stay in the cluster and only EKS forgets them. */
  async delete(cloud, existing) {
    if (existing.state.preserve) return;
    const cluster = clusterNamed(cloud, existing.region, existing.state.clusterName);
    await cloud.runtime.deleteAddon(clusterRecord(cloud, cluster), addonRecord(existing));
  },
};

function assertAddon(cloud: Cloud, cluster: Resource<ClusterState>, inputs: AddonInputs): string {
  const { addonName, clusterName } = inputs;
  const known = ADDONS[addonName];
  if (!known)
    throw invalidParameter(
      `Addon ${addonName} specified is not supported in ${cluster.state.version} kubernetes version`,
    );
  if (cloud.find(Addon, cluster.region, `${clusterName}:${addonName}`)) {
    throw new AwsError("ResourceInUseException", "Addon already exists.");
  }
  const addonVersion = inputs.addonVersion ?? mostRecentVersion(addonName, cluster.state.version);
  assertVersionOf(addonName, addonVersion, cluster.state.version);
  assertConfiguration(inputs.configurationValues);
  if (known.bundled && cluster.state.bootstrapSelfManagedAddons && inputs.resolveConflictsOnCreate !== "OVERWRITE") {
    throw new AwsError(
      "CREATE_FAILED",
      `ConfigurationConflict: Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. The cluster came with a self-managed ${addonName}: set resolveConflictsOnCreate to OVERWRITE.`,
    );
  }
  return addonVersion;
}

function assertVersionOf(name: string, version: string, kubernetes: string): void {
  const shaped = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version);
  const mismatch = name === "kube-proxy" && !version.startsWith(`v${kubernetes}.`);
  if (!shaped || mismatch) throw invalidParameter("Addon version specified is not supported");
}

function assertConfiguration(text: string | undefined): void {
  if (!text) return;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw invalidParameter("ConfigurationValue is not in valid JSON or YAML format");
  }
  const env = (values as { env?: Record<string, unknown> } | null)?.env ?? {};
  const wrong = Object.entries(env).find(([, value]) => typeof value !== "string");
  if (wrong) {
    throw invalidParameter(
      `ConfigurationValue provided in request is not supported: Json schema validation failed with error: [$.env.${wrong[0]}: ${typeof wrong[1]} found, string expected]`,
    );
  }
}

/** Releases of the add-ons, as far as known; kube-proxy's follows Kubernetes. */
const RECENT: Record<string, string> = {
  "vpc-cni": "v1.23.1-eksbuild.1",
  coredns: "v1.14.2-eksbuild.1",
  "eks-pod-identity-agent": "v1.3.10-eksbuild.1",
  "metrics-server": "v0.8.0-eksbuild.2",
  "aws-ebs-csi-driver": "v1.50.0-eksbuild.1",
};

/** What DescribeAddonVersions lists first. Throws AwsError for an add-on that does not exist. */
export function mostRecentVersion(addonName: string, kubernetesVersion: string): string {
  if (addonName === "kube-proxy") return `v${kubernetesVersion}.0-eksbuild.2`;
  const version = RECENT[addonName];
  if (!version)
    throw invalidParameter(`Addon ${addonName} specified is not supported in ${kubernetesVersion} kubernetes version`);
  return version;
}

/** How often to look for nodes, in milliseconds. */
const POLL = 100;

/**
 * EKS waits 20 minutes for nodes. Here the outcome is known earlier: as long as a node group is being created the
 * add-on waits, and without one it has failed.
 */
async function nodesReady(cloud: Cloud, { id, region }: Resource<ClusterState>, addonName: string): Promise<void> {
  const statuses = () =>
    cloud.all(NodeGroup, region).flatMap(({ state }) => (state.clusterName === id ? [state.status] : []));
  const deadline = Date.now() + cloud.patience;
  while (!statuses().includes("ACTIVE")) {
    if (!statuses().includes("CREATING") && Date.now() > deadline) {
      throw new AwsError(
        "InsufficientNumberOfReplicas",
        `waiting for EKS Add-On (${id}:${addonName}) create: timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s): The add-on is unhealthy because it doesn't have the desired number of replicas. The cluster has no nodes.`,
      );
    }
    await sleep(POLL);
  }
}
